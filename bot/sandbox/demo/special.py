"""Three cases that are nobody's routine: one no machine may answer, one above the limit, and one in Slack."""

from typing import Any

from bot.sandbox.demo.moments import Lane, Letter, Piece
from bot.sandbox.demo.morning import can_press
from bot.sandbox.demo.office import Office
from bot.sandbox.demo.spine import into
from bot.sandbox.demo.telling import Telling
from bot.sandbox.records import Message

PETER = "peter.friis@post.example"
TO_PETER = (
    "Kære Peter,\n\nDet gør mig ondt, og jeg er glad for, at din datter har det godt.\n\n"
    "Jeg hedder Signe og er leder af kundeservice. Jeg ringer til dig i dag kl. 15.15. Vi har stoppet salget af "
    "Fjord-gulvlampen, mens vi undersøger, hvad der er sket.\n\nHar din datter det mindste ubehag, så ring til "
    "lægen med det samme, og vent ikke på os.\n\nVenlig hilsen\nSigne Lund"
)
BIRGITTE = "birgitte.soerensen@post.example"
TO_BIRGITTE = (
    "Kære Birgitte og Knud\n\nI får 8.995 kr. tilbage, og pengene er hos jer senest mandag den 9. marts.\n\n"
    "Det gør mig ondt, at lysekronen ikke nåede frem i ét stykke, og så lige før jeres sølvbryllup. "
    "I skal ikke pakke noget ned. Lad den stå, så henter vi den, når det passer jer.\n\n"
    "Tillykke med dagen på lørdag.\n\nVenlig hilsen\nNils"
)


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
    await office.submit(signe, window, into(window, TO_PETER))
    mail = office.mails_to(PETER)[-1]
    await telling.beat(
        office.now(), Lane.MANAGER, "Signe writes to him herself", ((Lane.CUSTOMER, mail.letter()),)
    )


async def above_the_limit(office: Office, telling: Telling) -> None:
    """A chandelier of 8.995 kr.: the agent asks, the lead says yes, the customer hears it once it is true."""
    await telling.act(
        "Above the limit", "An agent may give 2.000 kr. to make something right. This cost more."
    )
    case = await office.mail_comes("14-birgitte")
    words = await office.words(case)
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        f"{words.sender} writes",
        ((Lane.CUSTOMER, words),),
        on_page=((Lane.AGENT, await office.card_slip(case)),),
    )
    await office.wait(3)
    nils = office.stage.nils
    card = await office.card(case)
    window = await office.open_window(nils, card.ts, "card_refund")
    typed = await office.submit(nils, window, _note(window.blocks))
    request = (await office.posts_below(case))[0]
    asked = office.post_slip(request)
    await telling.beat(
        office.now(),
        Lane.AGENT,
        "Nils asks for it with Refund; the post asks a lead",
        ((Lane.AGENT, asked),),
        on_page=((Lane.AGENT, office.window_slip(window, typed)),),
    )
    await office.wait(5)
    await _approves(office, telling, case, request)
    window = await office.open_window(nils, card.ts, "card_edit")
    await office.submit(nils, window, into(window, TO_BIRGITTE))
    mail = office.mails_to(BIRGITTE)[-1]
    pieces: tuple[tuple[Lane, Piece], ...] = ((Lane.CUSTOMER, mail.lock_screen()),)
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        "Only now does Birgitte hear of it",
        pieces,
        on_page=((Lane.CUSTOMER, mail.letter()), (Lane.AGENT, await office.card_slip(case))),
    )


async def _approves(office: Office, telling: Telling, case: int, request: Message) -> None:
    signe = office.stage.signe
    result = await office.press(signe, request.ts, "refund_approve")
    question = (result.confirm or {}).get("title", {}).get("text", "")
    await telling.beat(
        office.now(),
        Lane.MANAGER,
        f"Signe, the lead, approves; Slack asks her first: “{question}”",
        ((Lane.MANAGER, office.post_slip(request)),),
        on_page=((Lane.AGENT, await office.card_slip(case)),),
    )
    if can_press(office, request.ts, "refund_done"):
        await office.press(office.stage.freja, request.ts, "refund_done")


def _note(blocks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    there = any(block.get("block_id") == "note" for block in blocks)
    return {"note": {"note": "Broken in transit. Silver wedding on Saturday."}} if there else {}


async def a_customer_in_slack(office: Office, telling: Telling) -> None:
    """Tore of Nordlys AS writes in the channel both companies share."""
    await telling.act("A customer in Slack", "Nordlys AS shares a channel with us. Tore writes there.")
    first, ts = await office.tore_says(
        "Hei Freja! Vi mangler fortsatt 10 bordlamper fra ordre 20077. De skulle vært her fredag. Kan du sjekke?"
    )
    await _tore_writes(office, telling, first)
    await office.wait(1)
    await office.tore_says("Montørene kommer onsdag, så det haster litt 😅", ts)
    await _tore_writes(office, telling, first)
    await office.wait(3)
    await office.press(office.stage.freja, (await office.card(first)).ts, "card_send")
    thread = office.stage.workspace.thread(office.stage.shared.id, ts)
    answer = office.reader.lines(thread[-1].blocks)
    text = "\n".join(line.text for line in answer)
    name = office.stage.workspace.users[thread[-1].user_id].real_name
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        "Freja sends; Tore reads it in his own thread",
        ((Lane.CUSTOMER, Letter(name, text, ours=True)),),
    )
    await office.wait(2)
    await office.tore_says("Supert, takk!", ts)
    second, _ = await office.tore_says(
        "Har dere Lykke i svart på lager? Trenger 25 stk til et hotell i april."
    )
    await _tore_writes(office, telling, second)
    await office.press(office.stage.freja, (await office.card(second)).ts, "card_send")


async def _tore_writes(office: Office, telling: Telling, case: int) -> None:
    words, card = await office.words(case), await office.card_slip(case)
    await telling.beat(
        office.now(),
        Lane.CUSTOMER,
        f"{words.sender}: “{words.text}”",
        on_page=((Lane.CUSTOMER, words), (Lane.AGENT, card)),
    )
