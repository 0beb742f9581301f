"""Mette was charged twice: the demo's first case, from her mail to the money on its way back."""

from typing import Any

from bot.sandbox.demo.blocks import pressed
from bot.sandbox.demo.moments import Facts, Lane, Line, Piece, Slip
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.reading_back import OutboxRow, counts_for, outbox_row
from bot.sandbox.demo.telling import Telling
from bot.sandbox.records import View
from bot.sandbox.screens import elements
from storage.engine import read
from storage.outbox import LEASE

METTE = "mette.hansen@post.example"
DISTRUST = "send et skærmbillede, så jeg kan se det"


async def mette_was_charged_twice(office: Office, telling: Telling) -> int:
    """Her whole first day; the id of her conversation."""
    await telling.act(
        "Mette was charged twice",
        "The order book shows two captures of 499 kr. Nobody asks her to prove it.",
    )
    case = await office.mail_comes("01-mette")
    words = await office.words(case)
    await telling.beat(office.now(), Lane.CUSTOMER, f"{words.sender} writes", ((Lane.CUSTOMER, words),))
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "A card in the triage channel, with a draft",
        ((Lane.AGENT, await office.card_slip(case)),),
        note="Nothing has left the house. The amount is the order book's, and the button names it.",
    )
    window = await _tries_distrust(office, telling, case)
    await _send_through_a_kill(office, telling, case, window)
    await _lock_screen(office, telling)
    await _money_moves(office, telling, case)
    await _resolves(office, telling, case)
    return case


async def _tries_distrust(office: Office, telling: Telling, case: int) -> View:
    """Freja types a sentence that asks for proof, is shown a kinder one and takes it; her window after that."""
    freja = office.stage.freja
    await office.wait(2)
    card = await office.card(case)
    window = await office.open_window(freja, card.ts, "card_edit")
    draft = _field_text(window)
    *letter, question, farewell = draft.split("\n\n")
    longer = "\n\n".join((*letter, DISTRUST, question, farewell))
    typed = await office.submit(freja, window, into(window, longer))
    await telling.beat(
        office.now(),
        Lane.AGENT,
        f"Freja opens Edit and types “{DISTRUST}”",
        on_page=((Lane.AGENT, office.window_slip(window, typed)),),
    )
    kinder = office.people.screen(freja.id)
    assert kinder is not None
    shown = office.window_slip(kinder)
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "Before it goes, she sees how that may sound, and a kinder sentence",
        ((Lane.AGENT, without_fields(shown)),),
        note="It is advice: the window's button still sends her own words, if she insists.",
    )
    taken = await office.press_in_window(freja, kinder, "use_kinder", "0")
    lines = changed_lines(_field_text(taken), draft)
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "She presses Use Kinder Wording",
        ((Lane.AGENT, Slip((Line("quote", office.reader.markup(lines)),), "the sentence now reads")),),
        on_page=((Lane.AGENT, office.window_slip(taken)),),
    )
    return taken


async def _send_through_a_kill(office: Office, telling: Telling, case: int, window: View) -> None:
    """She sends, and the delivery process dies with the mail in its hands."""
    freja, smtp, delivery = office.stage.freja, office.stage.mail.smtp, office.delivery
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
    pid, before = delivery.pid, await _row(office, case)
    status = await delivery.kill()
    await smtp.wait_for(lambda server: not server.held)
    smtp.release()
    await telling.beat(
        office.now(),
        Lane.HOUSE,
        f"kill -9 {pid}: the delivery process dies in the middle of sending",
        ((Lane.HOUSE, _row_facts(before, status, len(office.mails_to(METTE)))),),
        note="The mail server had the text but had not answered. Nobody knows whether it went.",
    )
    await delivery.start(office.stage.settings())
    office.stage.clock.move(LEASE)
    await office.stage.idle()
    counted = await read(office.stage.running.parts.engine, counts_for, case)
    inbox = len(office.mails_to(METTE))
    facts: tuple[tuple[str, str], ...] = (
        ("Mails to Mette, SMTP server", str(inbox)),
        ("Mails to her in the outbox", str(counted.mails)),
        ("Refunds in the ledger", str(counted.refunds)),
        ("Payout posts in Slack", str(len(await office.posts_below(case)))),
    )
    after = await _row(office, case)
    await telling.beat(
        office.now(),
        Lane.HOUSE,
        "Started again: one mail, one refund",
        ((Lane.HOUSE, Facts((*facts, ("Attempts at the mail", str(after.attempts))))),),
        note="The dead process's claim ran out after a minute; the same row went, with the same Message-ID.",
    )


async def _lock_screen(office: Office, telling: Telling) -> None:
    mail = office.mails_to(METTE)[-1]
    pieces: tuple[tuple[Lane, Piece], ...] = ((Lane.CUSTOMER, mail.lock_screen()),)
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        "What Mette sees on her lock screen",
        pieces,
        on_page=((Lane.CUSTOMER, mail.letter()),),
    )


async def _money_moves(office: Office, telling: Telling, case: int) -> None:
    """A colleague moves the money in the shop's own tool, and says so."""
    await office.wait(6)
    post = (await office.posts_below(case))[0]
    before = office.post_slip(post)
    await office.press(office.stage.nils, post.ts, "refund_done")
    after = office.post_slip(post)
    await telling.beat(
        office.now(),
        Lane.AGENT,
        f"Nils moves the money and presses {pressed(before.lines)}",
        ((Lane.AGENT, after),),
        on_page=((Lane.AGENT, before),),
    )


async def _resolves(office: Office, telling: Telling, case: int) -> None:
    card = await office.card(case)
    window = await office.open_window(office.stage.freja, card.ts, "card_resolve")
    shown = office.window_slip(window)
    await office.submit(office.stage.freja, window, {})
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "Freja calls it solved, and approves the follow-up word for word",
        ((Lane.AGENT, shown),),
        note="It goes when the money should be there, unless Mette writes first.",
        on_page=((Lane.AGENT, await office.card_slip(case)),),
    )


def into(window: View, text: str) -> dict[str, dict[str, Any]]:
    """`text` for the window's first text field."""
    block, element = _text_field(window)
    return {str(block["block_id"]): {str(element["action_id"]): text}}


def _field_text(window: View) -> str:
    _, element = _text_field(window)
    return str(element.get("initial_value", ""))


def _text_field(window: View) -> tuple[dict[str, Any], dict[str, Any]]:
    found = [pair for pair in elements(window.blocks) if pair[1]["type"] == "plain_text_input"]
    return found[0]


def without_fields(slip: Slip) -> Slip:
    """A window without its long fields, for the terminal."""
    kept = tuple(line for line in slip.lines if line.kind != "field")
    return Slip(kept, slip.place, slip.window, slip.submit)


def changed_lines(text: str, draft: str) -> str:
    """The lines that were not in the draft."""
    before = set(draft.splitlines())
    return "\n".join(line for line in text.splitlines() if line not in before)


def _row_facts(row: OutboxRow, status: int, accepted: int) -> Facts:
    return Facts(
        (
            ("Process", f"ended with status {status}"),
            ("Outbox row", f"{row.key}: {row.state}, attempt {row.attempts}"),
            ("Mails to Mette, SMTP server", str(accepted)),
        )
    )


async def _row(office: Office, case: int) -> OutboxRow:
    return await read(office.stage.running.parts.engine, outbox_row, case)
