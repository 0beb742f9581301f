"""Five business days later: follow-ups that go, one that does not, and a customer we let down twice."""

from datetime import datetime, timedelta

from bot.sandbox.demo.letters import ZONE
from bot.sandbox.demo.moments import Facts, Lane, Piece
from bot.sandbox.demo.morning import resolved_without_answer
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.reading_back import follow_ups_in
from bot.sandbox.demo.spine import METTE
from bot.sandbox.demo.telling import Telling
from bot.sandbox.demo.windows import into
from storage.engine import read
from storage.tables import FollowUpState

OLA, HENRIK = "ola.nordahl@epost.example", "hdam@firma-dam.example"
TO_OLA = (
    "Hei Ola,\n\nJa, pengene gikk herfra mandag, og banken bruker noen dager på dem. Du har dem senest mandag "
    "9. mars.\n\nEr de ikke der da, tar jeg det med banken for deg.\n\nVennlig hilsen\nNils"
)
TUESDAY = datetime(2026, 3, 3, 14, 0, 1, tzinfo=ZONE)
WEDNESDAY = TUESDAY + timedelta(days=1)
FRIDAY = TUESDAY + timedelta(days=3)
MONDAY = TUESDAY + timedelta(days=6)
Pieces = tuple[tuple[Lane, Piece], ...]


async def the_week(office: Office, telling: Telling, mettes_case: int, language: str) -> None:
    """Tuesday to Monday, a follow-up at a time."""
    await telling.act("Five business days pass", "The clock moves day by day. Nothing else is skipped.")
    for moment in (TUESDAY, WEDNESDAY):
        await office.until(moment)
    if language in ("", "da"):
        await _a_second_failure(office, telling)
    await _ola_writes_first(office, telling)
    for moment in (WEDNESDAY + timedelta(days=1), FRIDAY, MONDAY):
        await office.until(moment)
    await _the_follow_up(office, telling)
    await _she_answers(office, telling, mettes_case)


async def _a_second_failure(office: Office, telling: Telling) -> None:
    case = await office.mail_comes("20-henrik-again", office.mails_to(HENRIK)[-1])
    words, card = await office.words(case), await office.card_slip(case)
    await telling.beat(
        office.now(), Lane.CUSTOMER, f"Thursday: {words.sender} writes again", ((Lane.CUSTOMER, words),)
    )
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "A second failure gets better treatment, not the same again",
        ((Lane.AGENT, card), (Lane.HOUSE, await _taken_back(office, case))),
    )
    await office.wait(5)
    nils, ts = office.stage.nils, (await office.card(case)).ts
    version = await office.version(case)
    await office.submit(nils, await office.open_window(nils, ts, "card_refund"), {})
    await office.new_draft(case, version)
    await office.press(nils, ts, "card_send")
    post = (await office.posts_below(case))[-1]
    await office.press(office.stage.freja, post.ts, "refund_done")
    mail = office.mails_to(HENRIK)[-1]
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        "Nils gives the money back, and sends the draft that says so",
        ((Lane.CUSTOMER, mail.lock_screen()),),
        on_page=((Lane.CUSTOMER, mail.letter()),),
        more=((Lane.AGENT, await office.card_slip(case)),),
    )


async def _ola_writes_first(office: Office, telling: Telling) -> None:
    case = await office.mail_comes("21-ola-first", office.mails_to(OLA)[-1])
    words, card = await office.words(case), await office.card_slip(case)
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        f"{words.sender} writes first, and gets no follow-up",
        (
            (Lane.CUSTOMER, words),
            (Lane.HOUSE, await _taken_back(office, case)),
        ),
        more=((Lane.AGENT, card),),
    )
    await office.wait(6)
    nils = office.stage.nils
    window = await office.open_window(nils, (await office.card(case)).ts, "card_edit")
    await office.submit(nils, window, into(window, TO_OLA))


async def _taken_back(office: Office, case: int) -> Facts:
    """What became of the follow-up that was set."""
    cancelled = await read(office.stage.running.parts.engine, follow_ups_in, (FollowUpState.CANCELLED,))
    return Facts((("The follow-up that was set", f"cancelled: {cancelled[case].cancelled_because}"),))


async def _the_follow_up(office: Office, telling: Telling) -> None:
    mail = office.mails_to(METTE)[-1]
    engine = office.stage.running.parts.engine
    sent = await read(engine, follow_ups_in, (FollowUpState.SENT,))
    cancelled = await read(engine, follow_ups_in, (FollowUpState.CANCELLED,))
    olas_case = await office.case_of(OLA)
    facts = Facts(
        (
            ("Follow-ups sent so far", str(len(sent))),
            ("Taken back in time", str(len(cancelled))),
            ("Follow-ups sent to Ola", str(sum(case == olas_case for case in sent))),
        )
    )
    await telling.beat(
        mail.at,
        Lane.CUSTOMER,
        "Monday: Mette's follow-up goes, as Freja approved it",
        ((Lane.CUSTOMER, mail.lock_screen()), (Lane.HOUSE, facts)),
        on_page=((Lane.CUSTOMER, mail.letter()),),
    )


async def _she_answers(office: Office, telling: Telling, mettes_case: int) -> None:
    case = await office.mail_comes("22-mette-answers", office.mails_to(METTE)[-1])
    assert case == mettes_case
    words, posts = await office.words(case), await office.posts_below(case)
    card = await office.card_slip(case)
    pieces: Pieces = ((Lane.CUSTOMER, words), (Lane.AGENT, office.post_slip(posts[-1])))
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "Her answer reaches the colleague who signed it",
        pieces,
        more=((Lane.AGENT, card),),
    )
    await resolved_without_answer(office, case, office.stage.freja)
