"""The other customers of the first day: each a mail, a card, a colleague's decision, and what they get."""

from dataclasses import replace
from datetime import datetime

from bot.sandbox.demo.blocks import pressed
from bot.sandbox.demo.cast import AFTERNOON, PARTS, Does, Part
from bot.sandbox.demo.letters import ZONE
from bot.sandbox.demo.moments import CaseBeat, Lane, Line, Piece, Slip
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.telling import Telling
from bot.sandbox.demo.windows import into
from bot.sandbox.records import User

Pieces = tuple[tuple[Lane, Piece], ...]
AFTER_LUNCH = datetime(2026, 3, 2, 13, 40, tzinfo=ZONE)
#: How each decision is told.
DONE = {
    Does.SEND: "{who} sends it as it is",
    Does.WRITE: "{who} writes it anew",
    Does.DISMISS: "{who} puts the draft aside: “{words}”",
    Does.REFUND: "{who} gives the money back and sends the draft that says so",
}


async def the_morning(office: Office, telling: Telling, language: str) -> None:
    """Everybody who writes before noon; with `language` only those who speak it, and whom the story needs."""
    parts = [each for each in PARTS if each.always or language in ("", each.language)]
    await telling.act(
        "The rest of the morning", "Each line is a real mail. The page shows all of every case."
    )
    for part in parts:
        await telling.case(await _case(office, part))
        if part.comes_back:
            await telling.case(await _comes_back(office, part.comes_back, part.address, part.language))


async def _case(office: Office, part: Part) -> CaseBeat:
    case = await office.mail_comes(part.mail)
    at, words, card = office.now(), await office.words(case), await office.card_slip(case)
    await office.wait(3)
    who = office.colleague(part.who)
    decided = await _decides(office, part, case, who)
    if part.resolves:
        await _resolves(office, case, who)
    after = await office.card_slip(case)
    mails = office.mails_to(part.address)
    got: Pieces = (
        ((Lane.CUSTOMER, mails[-1].lock_screen()), (Lane.CUSTOMER, mails[-1].letter())) if mails else ()
    )
    done = decided.format(who=who.real_name.split()[0], words=part.words)
    if after != card:
        got = ((Lane.AGENT, after), *got)
    pieces: Pieces = ((Lane.CUSTOMER, words), (Lane.AGENT, card), *got)
    return CaseBeat(at, words.sender, part.language, headline(card), with_money(done, after), pieces)


async def _decides(office: Office, part: Part, case: int, who: User) -> str:
    """What the colleague does with the card, and how that is told."""
    if part.about and (await office.intent(case)) != part.about:
        await corrected(office, who, case, part.about)
    card = await office.card(case)
    match part.does:
        case Does.SEND if not can_press(office, card.ts, "card_send"):
            return "No draft, and nothing goes out"
        case Does.SEND:
            await office.press(who, card.ts, "card_send")
        case Does.WRITE:
            window = await office.open_window(who, card.ts, "card_edit")
            await office.submit(who, window, into(window, part.words))
        case Does.DISMISS:
            window = await office.open_window(who, card.ts, "card_dismiss")
            await office.submit(who, window, {"reason": {"reason": part.words}})
        case Does.REFUND:
            version = await office.version(case)
            window = await office.open_window(who, card.ts, "card_refund")
            values = {"amount": {"amount": part.words}, "kind": {"kind": "price_difference"}}
            await office.submit(who, window, values)
            await office.new_draft(case, version)
            await office.press(who, card.ts, "card_send")
    return DONE[part.does]


async def corrected(office: Office, who: User, case: int, intent: str) -> None:
    """Say what it is really about, and wait for the draft that is made anew."""
    version, card = await office.version(case), await office.card(case)
    window = await office.open_window(who, card.ts, "card_more", "correct_intent")
    await office.submit(who, window, {"intent": {"intent": intent}})
    await office.new_draft(case, version)


async def resolved_without_answer(office: Office, case: int, who: User) -> bool:
    """Where a draft waits that nobody needs: put it away and call the case solved. False where none waits."""
    card = await office.card(case)
    if not can_press(office, card.ts, "card_send"):
        return False
    window = await office.open_window(who, card.ts, "card_more", "resolve")
    await office.submit(who, window, {"skip": {"skip": ["skip"]}})
    return True


async def _resolves(office: Office, case: int, who: User) -> None:
    card = await office.card(case)
    window = await office.open_window(who, card.ts, "card_resolve")
    await office.submit(who, window, {})


async def the_afternoon(office: Office, telling: Telling, language: str) -> None:
    """Customers answer what they got, and the money is moved."""
    await telling.act("The afternoon", "Customers answer, and what was promised in the morning is paid out.")
    for mail, address, spoken, answer in AFTERNOON:
        if language in ("", spoken):
            await telling.case(await _writes_again(office, mail, address, spoken, answer))
    await _pay_out(office, telling)


async def _writes_again(office: Office, mail: str, address: str, language: str, answer: str) -> CaseBeat:
    told = await _comes_back(office, mail, address, language)
    freja, case = office.stage.freja, await office.case_of(address)
    card = await office.card(case)
    await office.wait(4)
    if answer:
        window = await office.open_window(freja, card.ts, "card_edit")
        await office.submit(freja, window, into(window, answer))
        got: Pieces = ((Lane.CUSTOMER, office.mails_to(address)[-1].letter()),)
        told = replace(told, outcome="Freja writes it anew", pieces=(*told.pieces, *got))
    elif await resolved_without_answer(office, case, freja):
        told = replace(told, outcome="Freja resolves it: thanks need no answer")
    return replace(told, pieces=(*told.pieces, (Lane.AGENT, await office.card_slip(case))))


async def _comes_back(office: Office, mail: str, address: str, language: str) -> CaseBeat:
    """A mail that answers ours, and what the program makes of it by itself."""
    before = len(office.stage.mail.mails)
    case = await office.mail_comes(mail, office.mails_to(address)[-1])
    at, words = office.now(), await office.words(case)
    card, posts = await office.card_slip(case), await office.posts_below(case)
    notes = [post for post in posts if float(post.ts) >= at.timestamp() - 1]
    pieces: Pieces = ((Lane.CUSTOMER, words), (Lane.AGENT, card))
    pieces += tuple((Lane.AGENT, office.post_slip(post)) for post in notes)
    outcome = "A new draft waits" if pressed(card.lines) else "Nothing to answer, nothing is drafted"
    if notes:
        outcome = notes[-1].text
    assert len(office.stage.mail.mails) == before
    return CaseBeat(at, words.sender, language, words.subject, outcome, pieces)


async def _pay_out(office: Office, telling: Telling) -> None:
    """After lunch one colleague moves the money that others have promised."""
    await office.until(AFTER_LUNCH)
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
        more=slips,
    )


def can_press(office: Office, ts: str, action_id: str) -> bool:
    """Whether a message in the triage channel has that button now."""
    message = office.stage.workspace.message(office.stage.triage.id, ts)
    blocks = message.blocks if message else []
    return any(each.get("action_id") == action_id for block in blocks for each in block.get("elements", ()))


def headline(card: Slip) -> str:
    """What the card's first line says it is about."""
    return card.headline.partition(": ")[2] or card.headline


def with_money(done: str, card: Slip) -> str:
    """The decision, and what it gave back."""
    money = [line for line in card.lines if line.kind == "small" and _is_money(line)]
    return f"{done} · {money[-1].text.partition(' asked by')[0]}" if money else done


def _is_money(line: Line) -> bool:
    return " asked by @" in line.text and " · " in line.text
