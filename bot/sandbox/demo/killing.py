"""The delivery process dies with a mail in its hands, and nothing is lost or doubled."""

from bot.sandbox.demo.moments import Facts, Lane
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.reading_back import OutboxRow, counts_for, outbox_row
from bot.sandbox.demo.telling import Telling
from bot.sandbox.records import View
from storage.engine import read
from storage.outbox import LEASE


async def send_through_a_kill(
    office: Office, telling: Telling, case: int, window: View, address: str
) -> None:
    """Freja sends; the mail server has the text and has not answered when the process is killed."""
    freja, smtp = office.stage.freja, office.stage.mail.smtp
    label = str(window.payload["submit"]["text"])
    smtp.hold()
    result = await office.people.submit(freja.id, window.id)
    assert not result.errors, result.errors
    await smtp.wait_for(lambda server: server.held)
    await telling.beat(
        office.now(),
        Lane.AGENT,
        f"Freja presses {label}",
        note="Reply and refund are written down in one transaction. Then the mail leaves.",
    )
    await _kill(office, telling, case, address)
    await _start_again(office, telling, case, address)


async def _kill(office: Office, telling: Telling, case: int, address: str) -> None:
    smtp, delivery = office.stage.mail.smtp, office.delivery
    pid, row = delivery.pid, await _row(office, case)
    status = await delivery.kill()
    await smtp.wait_for(lambda server: not server.held)
    smtp.release()
    facts = (
        ("Process", f"ended with status {status}"),
        ("Outbox row", f"{row.key}: {row.state}, attempt {row.attempts}"),
        ("Mails to Mette, SMTP server", str(len(office.mails_to(address)))),
    )
    await telling.beat(
        office.now(),
        Lane.HOUSE,
        f"kill -9 {pid}: the delivery process dies in the middle of sending",
        ((Lane.HOUSE, Facts(facts)),),
        note="The mail server had the text but had not answered. Nobody knows whether it went.",
    )


async def _start_again(office: Office, telling: Telling, case: int, address: str) -> None:
    await office.delivery.start(office.stage.settings())
    # No send is in hand: its process is dead. The claim it held runs out.
    office.stage.clock.move(LEASE)
    await office.stage.idle()
    counted = await read(office.stage.running.parts.engine, counts_for, case)
    row = await _row(office, case)
    facts = (
        ("Mails to Mette, SMTP server", str(len(office.mails_to(address)))),
        ("Mails to her in the outbox", str(counted.mails)),
        ("Refunds in the ledger", str(counted.refunds)),
        ("Payout posts in Slack", str(len(await office.posts_below(case)))),
        ("Outbox row", f"{row.key}: {row.state}, attempt {row.attempts}"),
    )
    await telling.beat(
        office.now(),
        Lane.HOUSE,
        "Started again: one mail, one refund",
        ((Lane.HOUSE, Facts(facts)),),
        note="The dead process's claim ran out after a minute; the same row went, with the same Message-ID.",
    )


async def _row(office: Office, case: int) -> OutboxRow:
    return await read(office.stage.running.parts.engine, outbox_row, case)
