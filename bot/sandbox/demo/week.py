"""Five business days later: follow-ups that go, one that does not, and a customer we let down twice."""

from datetime import datetime, timedelta

from bot.sandbox.demo.letters import ZONE
from bot.sandbox.demo.moments import Facts, Lane, Piece
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.reading_back import follow_ups_in
from bot.sandbox.demo.spine import METTE
from bot.sandbox.demo.telling import Telling
from bot.sandbox.demo.windows import into
from storage.engine import read
from storage.tables import FollowUpState

OLA, HENRIK = "ola.nordahl@epost.example", "hdam@firma-dam.example"
TO_HENRIK = (
    "Hej Henrik,\n\nDu får dine 799 kr. tilbage i dag, og de er på din konto senest torsdag den 12. marts.\n\n"
    "Vi har svigtet dig to gange på en uge. Det er vores ansvar, og det er jeg virkelig ked af. Behold lamperne "
    "eller smid dem ud, du skal ikke sende noget.\n\nJeg ringer til dig i morgen, hvis du har lyst til at tale om "
    "det. Ellers skal du ikke gøre mere.\n\nVenlig hilsen\nNils"
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
        ((Lane.AGENT, card),),
        note="His follow-up is taken back: he wrote first.",
    )
    await office.wait(5)
    nils, ts = office.stage.nils, (await office.card(case)).ts
    await office.submit(nils, await office.open_window(nils, ts, "card_refund"), {})
    window = await office.open_window(nils, ts, "card_edit")
    await office.submit(nils, window, into(window, TO_HENRIK))
    post = (await office.posts_below(case))[-1]
    await office.press(office.stage.freja, post.ts, "refund_done")
    mail = office.mails_to(HENRIK)[-1]
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        "Nils gives the money back and writes himself; what Henrik sees",
        ((Lane.CUSTOMER, mail.lock_screen()),),
        on_page=((Lane.CUSTOMER, mail.letter()),),
        more=((Lane.AGENT, await office.card_slip(case)),),
    )


async def _ola_writes_first(office: Office, telling: Telling) -> None:
    case = await office.mail_comes("21-ola-first", office.mails_to(OLA)[-1])
    words, card = await office.words(case), await office.card_slip(case)
    engine = office.stage.running.parts.engine
    cancelled = (await read(engine, follow_ups_in, (FollowUpState.CANCELLED,)))[case]
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        f"{words.sender} writes first, and gets no follow-up",
        (
            (Lane.CUSTOMER, words),
            (Lane.HOUSE, Facts((("His follow-up", f"cancelled: {cancelled.cancelled_because}"),))),
        ),
        on_page=((Lane.AGENT, card),),
    )
    await office.wait(6)
    await office.press(office.stage.nils, (await office.card(case)).ts, "card_send")


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
        on_page=((Lane.AGENT, card),),
    )
