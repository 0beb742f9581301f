"""What every rule's answer is made of: the draft that fits what we know and may, and what follows from it."""

from dataclasses import replace

from bot.rules import composing, follow_ups, hints, strikes
from bot.rules.decisions import Action, Decision, Remedy, Situation
from bot.rules.facts import Facts


def without_draft(action: Action, facts: Facts) -> Decision:
    """Something to show, to keep, or for a named person."""
    return Decision(action, rule="", intent=facts.intent, language=composing.draft_language(facts))


def answer(facts: Facts, remedy: Remedy) -> Decision:
    """The draft that fits what we know and may: look it up, ask a lead first, or just do it."""
    if not remedy.known:
        return draft(facts, Situation.LOOKING, remedy)
    return draft(facts, Situation.GRANTED if remedy.within_authority else Situation.APPROVAL, remedy)


def looked_up(facts: Facts, intent: str, remedy: Remedy | None = None) -> Decision | None:
    """A dated promise to look into it, for that intent only; `remedy` is what the agent may add."""
    return draft(facts, Situation.LOOKING, remedy) if facts.intent == intent else None


def draft(facts: Facts, situation: Situation, remedy: Remedy | None) -> Decision:
    """A draft from the template of the intent and the situation."""
    return Decision(
        Action.SUGGEST,
        rule="",
        intent=facts.intent,
        situation=situation,
        template=f"reply/{facts.intent}_{situation}",
        language=composing.draft_language(facts),
        remedy=remedy,
    )


def completed(facts: Facts, decision: Decision) -> Decision:
    """What follows from a decision whichever rule made it: follow-up, second chance, hints, context."""
    if decision.action is not Action.SUGGEST:
        return decision
    decision = replace(
        decision,
        follow_up=follow_ups.for_case(facts, decision.intent, decision.remedy),
        second_chance=strikes.is_second_chance(facts),
        is_strike=decision.intent in strikes.OUR_FAULT,
        call_by=strikes.call_by(facts, decision.intent),
    )
    decision = replace(decision, hints=hints.on_the_case(facts, decision))
    return replace(decision, context=composing.context(facts, decision))
