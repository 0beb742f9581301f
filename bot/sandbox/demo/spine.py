"""Mette was charged twice: the demo's first case, from her mail to the money on its way back."""

from dataclasses import replace

from bot.sandbox.demo.blocks import pressed
from bot.sandbox.demo.killing import send_through_a_kill
from bot.sandbox.demo.moments import Lane, Line, Piece, Slip
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.telling import Telling
from bot.sandbox.demo.windows import changed_lines, field_text, into, without_fields
from bot.sandbox.records import View

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
        ((Lane.AGENT, replace(await office.card_slip(case), unfolded=True)),),
        note="Nothing has left the house. The amount is the order book's, and the button names it.",
    )
    window = await _tries_distrust(office, telling, case)
    await send_through_a_kill(office, telling, case, window, METTE)
    await _lock_screen(office, telling)
    await _money_moves(office, telling, case)
    await _resolves(office, telling, case)
    return case


async def _tries_distrust(office: Office, telling: Telling, case: int) -> View:
    """Freja types a sentence that asks for proof, is shown a kinder one and takes it; her window after that."""
    freja = office.stage.freja
    await office.wait(2)
    window = await office.open_window(freja, (await office.card(case)).ts, "card_edit")
    draft = field_text(window)
    *letter, question, farewell = draft.split("\n\n")
    longer = "\n\n".join((*letter, DISTRUST, question, farewell))
    typed = await office.submit(freja, window, into(window, longer))
    shown = office.window_slip(window, typed)
    title = f"Freja opens Edit and types “{DISTRUST}”"
    await telling.beat(office.now(), Lane.AGENT, title, on_page=((Lane.AGENT, shown),))
    return await _takes_the_kinder(office, telling, draft)


async def _takes_the_kinder(office: Office, telling: Telling, draft: str) -> View:
    kinder = office.people.screen(office.stage.freja.id)
    assert kinder is not None
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "Before it goes, she sees how that may sound, and a kinder sentence",
        ((Lane.AGENT, without_fields(office.window_slip(kinder))),),
        note="It is advice: the window's button still sends her own words, if she insists.",
    )
    taken = await office.press_in_window(office.stage.freja, kinder, "use_kinder", "0")
    lines = office.reader.markup(changed_lines(field_text(taken), draft))
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "She presses Use Kinder Wording",
        ((Lane.AGENT, Slip((Line("quote", lines),), "the sentence now reads")),),
        more=((Lane.AGENT, office.window_slip(taken)),),
    )
    return taken


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
    label = pressed(office.post_slip(post).lines)
    await office.press(office.stage.nils, post.ts, "refund_done")
    await telling.beat(
        office.now(),
        Lane.AGENT,
        f"Nils moves the money and presses {label}",
        ((Lane.AGENT, office.post_slip(post)),),
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
        more=((Lane.AGENT, await office.card_slip(case)),),
    )
