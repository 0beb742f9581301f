"""One message understood, decided and put into words: pure, between the read and the write."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from bot.checking import check
from bot.choosing_orders import choose_order
from bot.gathering import KnownOrder, Snapshot
from bot.house import House
from bot.messages import IncomingMessage
from bot.rendering import BrokenTemplate, Rendered, render
from bot.rules import decide, remedies
from bot.rules.composing import NO_EVENT, hints, same_matter
from bot.rules.decisions import Action, Decision, Remedy, Situation
from bot.rules.facts import AgentFacts, CustomerFacts, Facts, Reading
from bot.rules.introductions import introduced, introduction, not_introduced
from bot.rules.linting import Finding
from bot.rules.names import given_name
from bot.rules.reading import read_message
from bot.rules.wording import format_money
from bot.speech import mark

#: An honest no with what we can do instead: a lead declined what the agent asked for.
DECLINED = "reply/declined"
_WHEN_ACCEPTED = mark("The letter only asks: give the apology from the card once they say yes.")
#: By whether we know the name, and the address.
_WRITTEN_BY = {
    True: mark(
        "Written by {who}, not by this case's customer. The answer goes to the customer, without order facts."
    ),
    False: mark(
        "Written by somebody else, not by this case's customer. "
        "The answer goes to the customer, without order facts."
    ),
}
_ANSWERED_AT = {
    True: mark("The answer would go to {where}, not to the sender: no order facts were used."),
    False: mark("The answer would go to another address, not to the sender: no order facts were used."),
}
#: Names that contexts stored by an earlier version do not hold.
_NEW_NAMES: dict[str, object] = {"wish": "", "sent_on": "", "offer_amount": "", **NO_EVENT}
#: Stands for the name of whoever presses Send, while nobody has the case.
YOUR_NAME = "‹agent›"
#: How much of the earlier conversation helps to tell the language.
EARLIER = 2000


@dataclass(frozen=True, slots=True)
class Draft:
    """What we make of one message. `rendered` is None where nothing is suggested."""

    reading: Reading
    decision: Decision
    order: KnownOrder | None
    rendered: Rendered | None
    findings: tuple[Finding, ...]
    hints: tuple[str, ...]
    #: The person's other open cases whose matters the letter names.
    speaks_for: tuple[int, ...] = ()


def understand(house: House, incoming: IncomingMessage, snapshot: Snapshot) -> Reading:
    """What the customer wrote; languages they used before weigh in, and a colleague who says which it is decides."""
    text = "\n".join(filter(None, (incoming.said_before, incoming.reply or incoming.text)))
    known = [*snapshot.customer.past_languages]
    if snapshot.customer.language:
        known.append(snapshot.customer.language)
    reading = read_message(
        text,
        house.packs,
        subject=incoming.subject,
        scores=house.languages.scores(f"{text}\n{snapshot.earlier_text[:EARLIER]}"),
        judged=house.reader.scores(f"{incoming.subject}\n{text}"),
        known_languages=known,
        domain=incoming.sender.rpartition("@")[2] if "@" in incoming.sender else "",
        house_language=house.language,
    )
    said = snapshot.corrected_language
    return replace(reading, language=said, language_confidence=1.0) if said else reading


def compose(
    house: House,
    incoming: IncomingMessage,
    snapshot: Snapshot,
    now: datetime,
    *,
    nobody: str = YOUR_NAME,
    given: Remedy | None = None,
    template: str = "",
) -> Draft:
    """Understand, decide and render. `nobody` signs while no colleague has the case; empty: the house does.

    `given` is what a person has just given, for the draft to tell; `template` says something else than the rules
    would (a refund that we announced has failed).
    """
    reading = understand(house, incoming, snapshot)
    order = choose_order(snapshot, reading, now)
    agent = AgentFacts(snapshot.agent.name or nobody, snapshot.agent.role)
    facts = Facts(
        reading=reading,
        policy=house.policy,
        now=now,
        channel=incoming.channel.value,
        customer=_named(snapshot.customer, incoming.sender_name),
        order=order.facts if order else None,
        agent=agent,
        automatic=incoming.automatic,
        authentication="pass" if snapshot.is_confirmed else incoming.authentication,
        first_answer=snapshot.first_answer,
        earlier_intent=snapshot.earlier_intent,
        corrected_intent=snapshot.corrected_intent,
        given=given,
        beside=tuple(each.intent for each in snapshot.beside),
        promised=tuple(each.promised for each in snapshot.promised if order and each.order_id == order.id),
    )
    if template:
        # What was said last ("thanks", or something for a named person) does not decide what must be said now.
        unasked = replace(reading, thanks_only=False, content=False, owner_only=None)
        facts = replace(facts, reading=unasked)
        decision = _as_a_person_said(facts, decide(facts), template)
    else:
        decision = decide(facts)
    draft = _introducing(_in_words(house, facts, decision, order), snapshot.known_agent, agent.name)
    return replace(
        draft,
        hints=(*snapshot.hints, *_about_the_sender(snapshot, incoming), *draft.hints),
        speaks_for=_speaks_for(snapshot, draft),
    )


def _introducing(draft: Draft, known: str, present: str) -> Draft:
    """Says who writes now, to a customer who knows another colleague."""
    if draft.rendered is None or not known:
        return draft
    sentence = introduction(draft.decision.language, known, present)
    return replace(draft, rendered=replace(draft.rendered, text=introduced(draft.rendered.text, sentence)))


def _speaks_for(snapshot: Snapshot, draft: Draft) -> tuple[int, ...]:
    """The other cases that this letter answers: it names their matter, or theirs is its own."""
    if draft.rendered is None:
        return ()
    named = draft.decision.context.get("also")
    named = named if isinstance(named, tuple) else ()
    own = same_matter(draft.decision.intent) | same_matter(draft.reading.intents[0].name)
    order_id = draft.order.id if draft.order else None
    return tuple(
        each.case_id
        for each in snapshot.beside
        if each.intent in named
        or (each.intent != "other" and each.intent in own and each.order_id in (None, order_id))
    )


def _as_a_person_said(facts: Facts, decision: Decision, template: str) -> Decision:
    """The letter of that name instead. Sending it moves no money: a no may only ask whether an apology is welcome."""
    if template != DECLINED:
        return replace(decision, template=template, situation=Situation.LOOKING, remedy=None)
    offer = remedies.goodwill(facts)
    offer_amount = ""
    if offer.amount_minor and offer.currency and offer.within_authority:
        offer_amount = format_money(offer.amount_minor, offer.currency, decision.language)
    context = {**decision.context, "amount": "", "shipping_amount": "", "by_date": "", "also": ()}
    return replace(
        decision,
        template=template,
        situation=Situation.DECLINED,
        remedy=offer if offer_amount else None,
        context=context | {"offer_amount": offer_amount},
        hints=(*decision.hints, _WHEN_ACCEPTED) if offer_amount else decision.hints,
    )


def _about_the_sender(snapshot: Snapshot, incoming: IncomingMessage) -> tuple[str, ...]:
    if snapshot.is_other:
        return (mark(_WRITTEN_BY[bool(incoming.sender_name)], who=incoming.sender_name),)
    if snapshot.answers_elsewhere:
        return (mark(_ANSWERED_AT[bool(incoming.reply_to)], where=incoming.reply_to),)
    return ()


def _named(customer: CustomerFacts, signed: str) -> CustomerFacts:
    """A first message carries a name before we have stored one."""
    return customer if customer.preferred_name else replace(customer, preferred_name=given_name(signed))


def _in_words(house: House, facts: Facts, decision: Decision, order: KnownOrder | None) -> Draft:
    if decision.action is not Action.SUGGEST or decision.template is None:
        return Draft(facts.reading, decision, order, None, (), decision.hints)
    context = {**decision.context, "house": house.name}
    rendered, told = written(house, decision.template, decision.language, context)
    findings = check(house, rendered.text, language=decision.language, intent=decision.intent)
    advice = hints(rendered.text, facts, decision)
    return Draft(facts.reading, decision, order, rendered, findings, tuple(dict.fromkeys((*told, *advice))))


def written(
    house: House, template: str, language: str, context: Mapping[str, object]
) -> tuple[Rendered, tuple[str, ...]]:
    """The letter, and what the agent should know of it. Where the house's own breaks on this case, ours is written.

    Raises BrokenTemplate where ours does not work either.
    """
    try:
        return render(house.templates, template, language, context), ()
    except BrokenTemplate as broken:
        fault = broken
    if f"{language}/{template}.j2" in house.published.texts:
        with suppress(BrokenTemplate):
            rendered = render(house.file_templates, template, language, context)
            told = mark(
                "The letter published in chat fails here ({fault}); this is the one it replaced.",
                fault=str(fault),
            )
            return rendered, (told,)
    rendered = render(house.our_templates, template, language, context)
    told = mark(
        "The house's own letter fails here ({fault}); this is the one that came with Tillid.",
        fault=str(fault),
    )
    return rendered, (told,)


def signed(text: str, name: str, *, known_in: str = "") -> str:
    """The draft in the name of whoever sends it; `known_in` is its language where the customer knows them already."""
    if known_in:
        text = not_introduced(text, introduction(known_in, name, YOUR_NAME))
    return text.replace(YOUR_NAME, name)


def follow_up_letter(house: House, draft_context: dict[str, object], kind: str, language: str) -> Rendered:
    """The personal follow-up of that kind, in words."""
    # What else the first message asked for was answered in its own letter, and long ago.
    context = {**_NEW_NAMES, **draft_context, "house": house.name, "first": True, "also": ()}
    return written(house, f"follow_up/{kind}", language, context)[0]
