"""The other customers of the first day: each a mail, a card, a colleague's decision, and what they get."""

from bot.sandbox.demo.cast import ANSWERS, MACHINES, PARTS, Does, Part
from bot.sandbox.demo.moments import CaseBeat, Lane, Line, Piece, Slip
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.spine import into
from bot.sandbox.demo.telling import Telling
from bot.sandbox.records import User

Pieces = tuple[tuple[Lane, Piece], ...]
#: How each decision is told.
DONE = {
    Does.SEND: "{who} sends it as it is",
    Does.WRITE: "{who} writes it anew",
    Does.DISMISS: "{who} puts the draft aside: “{words}”",
    Does.CORRECT: "{who} corrects the intent and sends the new draft",
}


async def the_morning(office: Office, telling: Telling, language: str) -> None:
    """Everybody who writes before noon; with `language` only those who speak it."""
    parts = [each for each in PARTS if language in ("", each.language)]
    if not parts:
        return
    await telling.act(
        "The rest of the morning", "Each line is a real mail. The page shows all of every case."
    )
    for part in parts:
        await telling.case(await _case(office, part))


async def _case(office: Office, part: Part) -> CaseBeat:
    case = await office.mail_comes(part.mail)
    at, words, card = office.now(), await office.words(case), await office.card_slip(case)
    await office.wait(3)
    who = office.colleague(part.who)
    await _decides(office, part, case, who)
    if part.resolves:
        await _resolves(office, case, who)
    after = await office.card_slip(case)
    mails = office.mails_to(part.address)
    got: Pieces = (
        ((Lane.CUSTOMER, mails[-1].lock_screen()), (Lane.CUSTOMER, mails[-1].letter())) if mails else ()
    )
    done = DONE[part.does].format(who=who.real_name.split()[0], words=part.words)
    pieces: Pieces = ((Lane.CUSTOMER, words), (Lane.AGENT, card), (Lane.AGENT, after), *got)
    return CaseBeat(at, words.sender, part.language, headline(card), with_money(done, after), pieces)


async def _decides(office: Office, part: Part, case: int, who: User) -> None:
    card = await office.card(case)
    match part.does:
        case Does.SEND:
            await office.press(who, card.ts, "card_send")
        case Does.WRITE:
            window = await office.open_window(who, card.ts, "card_edit")
            await office.submit(who, window, into(window, part.words))
        case Does.DISMISS:
            window = await office.open_window(who, card.ts, "card_dismiss")
            await office.submit(who, window, {"reason": {"reason": part.words}})
        case Does.CORRECT:
            before = await office.card_slip(case)
            window = await office.open_window(who, card.ts, "card_more", "correct_intent")
            await office.submit(who, window, {"intent": {"intent": part.words}})
            await office.new_draft(case, before)
            await office.press(who, card.ts, "card_send")


async def _resolves(office: Office, case: int, who: User) -> None:
    card = await office.card(case)
    window = await office.open_window(who, card.ts, "card_resolve")
    await office.submit(who, window, {})


async def the_afternoon(office: Office, telling: Telling, language: str) -> None:
    """What comes back: machines that must not be answered, a bare thanks, an answer; and the money is moved."""
    machines = [each for each in MACHINES if language in ("", each[2])]
    answers = [each for each in ANSWERS if language in ("", each[2])]
    await telling.act(
        "What comes back", "An out-of-office note, a bounce and a bare thanks get no answer. A question does."
    )
    for mail, address, spoken in machines:
        await telling.case(await _comes_back(office, mail, address, spoken))
    for mail, address, spoken in answers:
        await telling.case(await _comes_back(office, mail, address, spoken))
    await _pay_out(office, telling)


async def _comes_back(office: Office, mail: str, address: str, language: str) -> CaseBeat:
    sent = office.mails_to(address)
    case = await office.mail_comes(mail, sent[-1])
    at, words = office.now(), await office.words(case)
    card, posts = await office.card_slip(case), await office.posts_below(case)
    notes: Pieces = tuple((Lane.AGENT, office.post_slip(post)) for post in posts[-1:])
    answerable = any(button.label == "Send Reply" for line in card.lines for button in line.buttons)
    outcome = "Nothing is drafted and nothing goes out"
    if answerable:
        freja = office.stage.freja
        await office.wait(4)
        window = await office.open_window(freja, (await office.card(case)).ts, "card_edit")
        await office.submit(freja, window, into(window, SARAHS_LAMP))
        outcome = "Freja writes it anew"
        notes = (*notes, (Lane.CUSTOMER, office.mails_to(address)[-1].letter()))
    return CaseBeat(
        at,
        words.sender,
        language,
        words.subject,
        outcome,
        ((Lane.CUSTOMER, words), (Lane.AGENT, card), *notes),
    )


SARAHS_LAMP = (
    "Hi Sarah,\n\nA new one it is. It leaves us this afternoon, so it will be with you by Thursday 5 March, "
    "in good time for the 14th.\n\nI'll look at the packing myself this time.\n\nKind regards\nFreja"
)


async def _pay_out(office: Office, telling: Telling) -> None:
    """After lunch one colleague moves the money that others have promised."""
    nils, triage = office.stage.nils, office.stage.triage.id
    waiting = [
        each
        for each in office.stage.workspace.said_by_bot(triage)
        if can_press(office, each.ts, "refund_done")
    ]
    for post in waiting:
        await office.press(nils, post.ts, "refund_done")
    slips: Pieces = tuple((Lane.AGENT, office.post_slip(post)) for post in waiting)
    await telling.beat(
        office.now(),
        Lane.AGENT,
        f"Nils moves the money: {len(waiting)} payouts, Done pressed on each",
        on_page=slips,
    )


def can_press(office: Office, ts: str, action_id: str) -> bool:
    """Whether a message in the triage channel has that button now."""
    message = office.stage.workspace.message(office.stage.triage.id, ts)
    blocks = message.blocks if message else []
    return any(each.get("action_id") == action_id for block in blocks for each in block.get("elements", ()))


def headline(card: Slip) -> str:
    """What the card's first line says it is about."""
    head = next((line.text for line in card.lines if line.kind == "header"), "")
    return head.partition(": ")[2] or head


def with_money(done: str, card: Slip) -> str:
    """The decision, and what it gave back."""
    money = [line for line in card.lines if line.kind == "small" and _is_money(line)]
    return f"{done} · {money[-1].text.partition(' asked by')[0]}" if money else done


def _is_money(line: Line) -> bool:
    return " asked by @" in line.text and " · " in line.text
