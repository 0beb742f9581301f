"""The house's way of answering, readable as a list.

Every message goes down `RULES` from the top. The first rule that has something to say decides; its name and
the names of those that passed are kept, so that "Why this answer" can always be shown.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.rules import composing, follow_ups, hints, promises, remedies, strikes
from bot.rules.decisions import Action, Decision, Remedy, Situation
from bot.rules.facts import Facts

__all__ = ["RULES", "Rule", "decide"]

#: A rule says what to do, or None to let the next one speak. It may leave everything but the action,
#: intent, situation, template and remedy to `decide`.
Rule = Callable[[Facts], Decision | None]


def ignore_own_mail(facts: Facts) -> Decision | None:
    """Our own mail that came back to us is no message to anybody."""
    return _without_draft(Action.KEEP, facts) if facts.automatic == "own" else None


def show_bounce(facts: Facts) -> Decision | None:
    """A mail of ours that did not arrive, or not yet: the agent should see it."""
    return _without_draft(Action.SHOW, facts) if facts.automatic in ("bounce", "delay") else None


def show_automatic_mail(facts: Facts) -> Decision | None:
    """Machines are not answered: neither absence notes nor mailing lists."""
    return _without_draft(Action.SHOW, facts) if facts.automatic else None


def call_the_owner(facts: Facts) -> Decision | None:
    """Injury, fire, death, lawyers, threats: a named person answers, and no draft stands in the way."""
    if facts.reading.owner_only is None:
        return None
    decision = _without_draft(Action.CALL_OWNER, facts)
    return replace(decision, owner_only=facts.reading.owner_only)


def let_thanks_rest(facts: Facts) -> Decision | None:
    """A bare thanks wants no answer, unless a person found a request in it."""
    settled = facts.reading.content and not facts.first_answer
    rests = (facts.reading.thanks_only or settled) and facts.corrected_intent is None
    return _without_draft(Action.SHOW, facts) if rests else None


def tell_what_was_given(facts: Facts) -> Decision | None:
    """A colleague or a lead has given money back: the answer says so, with the amount and the day."""
    if facts.given is None:
        return None
    decision = _draft(facts, Situation.GRANTED, facts.given)
    paid_twice = facts.intent in ("double_charge", "duplicate_fee")
    return decision if paid_twice else replace(decision, template="reply/refund_granted")


def give_back_double_charge(facts: Facts) -> Decision | None:
    """Paid twice: the extra payment goes back now, without asking anybody (R0-17)."""
    return _answer(facts, remedies.double_charge(facts)) if facts.intent == "double_charge" else None


def give_back_duplicate_fee(facts: Facts) -> Decision | None:
    """Shipping charged twice: the extra fee goes back now (R0-18)."""
    return _answer(facts, remedies.duplicate_fee(facts)) if facts.intent == "duplicate_fee" else None


def make_damage_good(facts: Facts) -> Decision | None:
    """Damaged: the customer is believed, and chooses a new one or the money."""
    return _answer(facts, remedies.new_item_or_money(facts)) if facts.intent == "damaged_item" else None


def own_the_delay(facts: Facts) -> Decision | None:
    """Late: our promise, our fault. The shipping goes back unasked."""
    if facts.intent != "late_delivery":
        return None
    broken = promises.is_broken(facts)
    situation = Situation.GRANTED if broken else Situation.LOOKING
    return _draft(facts, situation, remedies.late_delivery(facts))


def say_yes_to_return(facts: Facts) -> Decision | None:
    """A return starts with yes, and the reason is nobody's business.

    Only where a lead decides about the money is the yes about helping, and the answer follows.
    """
    if facts.intent != "return":
        return None
    remedy = remedies.returned_goods(facts)
    granted = remedy.known and remedy.within_authority
    return _draft(facts, Situation.GRANTED if granted else Situation.LOOKING, remedy)


def apologise_for_service(facts: Facts) -> Decision | None:
    """Treated badly: an apology first. What else might help is the agent's own choice."""
    if facts.intent != "service_complaint":
        return None
    return _draft(facts, Situation.OPEN, remedies.goodwill(facts))


def ask_what_is_needed(facts: Facts) -> Decision | None:
    """Everything else starts with one open question and a date."""
    decision = _draft(facts, Situation.OPEN, remedies.beside_the_question(facts))
    return replace(decision, template="reply/ask_open")


RULES: tuple[Rule, ...] = (
    ignore_own_mail,
    show_bounce,
    show_automatic_mail,
    call_the_owner,
    tell_what_was_given,
    let_thanks_rest,
    give_back_double_charge,
    give_back_duplicate_fee,
    make_damage_good,
    own_the_delay,
    say_yes_to_return,
    apologise_for_service,
    ask_what_is_needed,
)


def decide(facts: Facts) -> Decision:
    """The next step for one message. Never raises for valid facts: the last rule always has an answer."""
    passed: list[str] = []
    for rule in RULES:
        decision = rule(facts)
        if decision is not None:
            return _completed(facts, replace(decision, rule=rule.__name__, passed=tuple(passed)))
        passed.append(rule.__name__)
    raise AssertionError("the last rule always has an answer")


def _without_draft(action: Action, facts: Facts) -> Decision:
    return Decision(action, rule="", intent=facts.intent, language=composing.draft_language(facts))


def _answer(facts: Facts, remedy: Remedy) -> Decision:
    """The draft that fits what we know and may: look it up, ask a lead first, or just do it."""
    if not remedy.known:
        return _draft(facts, Situation.LOOKING, remedy)
    return _draft(facts, Situation.GRANTED if remedy.within_authority else Situation.APPROVAL, remedy)


def _draft(facts: Facts, situation: Situation, remedy: Remedy | None) -> Decision:
    return Decision(
        Action.SUGGEST,
        rule="",
        intent=facts.intent,
        situation=situation,
        template=f"reply/{facts.intent}_{situation}",
        language=composing.draft_language(facts),
        remedy=remedy,
    )


def _completed(facts: Facts, decision: Decision) -> Decision:
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
