"""Three cases that are nobody's routine: one no machine may answer, one above the limit, and one in Slack."""

from typing import Any

from bot.sandbox.demo.moments import Lane, Letter
from bot.sandbox.demo.morning import can_press, corrected
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.telling import Telling
from bot.sandbox.demo.windows import about_the_limit, into
from bot.sandbox.records import Message

TORES_LAMPS = (
    "Hei Freja! Vi mangler fortsatt 10 bordlamper fra ordre 20077. De skulle vært her fredag. Kan du sjekke?"
)
TO_TORE = (
    "Hei Tore,\n\nJa, vi har 40 Lykke i svart på lager. Jeg har satt av 25 til deg ut uken.\n\n"
    "Si fra når det passer å få dem levert, så bestiller jeg bilen. Vil dere ha pærer med?\n\nFreja"
)
PETER = "peter.friis@post.example"
TO_PETER = (
    "Kære Peter,\n\nDet gør mig ondt, og jeg er glad for, at din datter har det godt.\n\n"
    "Jeg hedder Signe og er leder af kundeservice. Jeg ringer til dig i dag kl. 15.15. Vi har stoppet salget af "
    "Fjord-gulvlampen, mens vi undersøger, hvad der er sket.\n\nHar din datter det mindste ubehag, så ring til "
    "lægen med det samme, og vent ikke på os.\n\nVenlig hilsen\nSigne Lund"
)
BIRGITTE = "birgitte.soerensen@post.example"


async def no_machine_answers(office: Office, telling: Telling) -> None:
    """A child got a shock: no draft, a named person is called and writes herself."""
    await telling.act(
        "What no machine may answer", "Injury, fire, lawyers, threats: no draft stands between two people."
    )
    case = await office.mail_comes("13-peter")
    words, card = await office.words(case), await office.card_slip(case)
    await telling.beat(office.now(), Lane.CUSTOMER, f"{words.sender} writes", ((Lane.CUSTOMER, words),))
    await telling.beat(
        office.now(), Lane.AGENT, "A card without a draft; Signe is called", ((Lane.AGENT, card),)
    )
    await office.wait(4)
    signe = office.stage.signe
    window = await office.open_window(signe, (await office.card(case)).ts, "card_edit")
    typed = await office.submit(signe, window, into(window, TO_PETER))
    await telling.beat(
        office.now(),
        Lane.MANAGER,
        "Signe writes to him herself",
        on_page=((Lane.MANAGER, office.window_slip(window, typed)),),
    )
    mail = office.mails_to(PETER)[-1]
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        "What Peter sees",
        ((Lane.CUSTOMER, mail.lock_screen()),),
        on_page=((Lane.CUSTOMER, mail.letter()),),
    )


async def above_the_limit(office: Office, telling: Telling) -> None:
    """A chandelier of 8.995 kr.: the agent asks, the lead says yes, the customer hears it once it is true."""
    await telling.act(
        "Above the limit", "An agent may make things right up to a limit of the house. This one cost more."
    )
    case = await office.mail_comes("14-birgitte")
    words, card = await office.words(case), await office.card_slip(case)
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        f"{words.sender} writes",
        ((Lane.CUSTOMER, words), (Lane.AGENT, about_the_limit(card))),
        more=((Lane.AGENT, card),),
    )
    await office.wait(3)
    request = await _asks(office, telling, case)
    await office.wait(5)
    version = await office.version(case)
    await _approves(office, telling, request)
    await office.new_draft(case, version)
    await office.press(office.stage.nils, (await office.card(case)).ts, "card_send")
    mail = office.mails_to(BIRGITTE)[-1]
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        "Only now may the draft say it, and Nils sends it",
        ((Lane.CUSTOMER, mail.lock_screen()),),
        on_page=((Lane.CUSTOMER, mail.letter()),),
        more=((Lane.AGENT, await office.card_slip(case)),),
    )


async def _asks(office: Office, telling: Telling, case: int) -> Message:
    """The agent's request; the post that asks a lead."""
    nils = office.stage.nils
    window = await office.open_window(nils, (await office.card(case)).ts, "card_refund")
    typed = await office.submit(nils, window, _note(window.blocks))
    request = (await office.posts_below(case))[0]
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "Nils asks for it with Refund; the post asks a lead",
        ((Lane.AGENT, office.post_slip(request)),),
        more=((Lane.AGENT, office.window_slip(window, typed)),),
    )
    return request


async def _approves(office: Office, telling: Telling, request: Message) -> None:
    signe = office.stage.signe
    result = await office.press(signe, request.ts, "refund_approve")
    question = (result.confirm or {}).get("title", {}).get("text", "")
    await telling.beat(
        office.now(),
        Lane.MANAGER,
        f"Signe, the lead, approves; Slack asks her first: “{question}”",
        ((Lane.MANAGER, office.post_slip(request)),),
    )
    if can_press(office, request.ts, "refund_done"):
        await office.press(office.stage.freja, request.ts, "refund_done")


def _note(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    there = any(block.get("block_id") == "note" for block in blocks)
    return {"note": {"note": "Broken in transit. Silver wedding on Saturday."}} if there else {}


async def a_customer_in_slack(office: Office, telling: Telling) -> None:
    """Tore of Nordlys AS writes in the channel both companies share."""
    await telling.act("A customer in Slack", "Nordlys AS shares a channel with us. Tore writes there.")
    first, ts = await office.tore_says(TORES_LAMPS)
    await _tore_writes(office, telling, first)
    await office.wait(1)
    await office.tore_says("Montørene kommer onsdag, så det haster litt 😅", ts)
    await _tore_writes(office, telling, first)
    await office.wait(3)
    await _answers_tore(office, telling, first, ts)
    await office.wait(2)
    before = len(office.thread_with_tore(ts))
    await office.tore_says("Supert, takk!", ts)
    more = len(office.thread_with_tore(ts)) - before - 1
    title = f"Tore says thanks; posts from us after that: {more}"
    said = [each for each in office.thread_with_tore(ts) if each.user_id == office.stage.guest.id]
    thanks = Letter(office.stage.guest.real_name, said[-1].text)
    await telling.beat(office.now(), Lane.CUSTOMER, title, ((Lane.CUSTOMER, thanks),))
    await _asks_for_more(office, telling)


async def _asks_for_more(office: Office, telling: Telling) -> None:
    case, ts = await office.tore_says(
        "Har dere Lykke i svart på lager? Trenger 25 stk til et hotell i april."
    )
    await _tore_writes(office, telling, case)
    await office.wait(4)
    freja = office.stage.freja
    window = await office.open_window(freja, (await office.card(case)).ts, "card_edit")
    await office.submit(freja, window, into(window, TO_TORE))
    pieces = ((Lane.CUSTOMER, office.in_his_thread(ts)),)
    await telling.beat(office.now(), Lane.CUSTOMER, "Freja looks it up and writes herself", pieces)


async def _answers_tore(office: Office, telling: Telling, case: int, ts: str) -> None:
    freja = office.stage.freja
    if await office.intent(case) != "late_delivery":
        await corrected(office, freja, case, "late_delivery")
    await office.press(freja, (await office.card(case)).ts, "card_send")
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        "Freja sends; Tore reads it in his own thread",
        ((Lane.CUSTOMER, office.in_his_thread(ts)),),
    )


async def _tore_writes(office: Office, telling: Telling, case: int) -> None:
    words, card = await office.words(case), await office.card_slip(case)
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        f"{words.sender} writes in #{office.stage.shared.name}",
        ((Lane.CUSTOMER, words),),
        on_page=((Lane.AGENT, card),),
    )
