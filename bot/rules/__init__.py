"""The house's way of answering, readable as a list.

Every message goes down `RULES` from the top. The first rule that has something to say decides; its name and
the names of those that passed are kept, so that "Why this answer" can always be shown.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.rules import errands, promises, remedies
from bot.rules.answering import answer, completed, draft, looked_up, without_draft
from bot.rules.decisions import Action, Decision, Situation
from bot.rules.facts import Facts

__all__ = ["RULES", "Rule", "decide"]

#: A rule says what to do, or None to let the next one speak. It may leave everything but the action,
#: intent, situation, template and remedy to `decide`.
Rule = Callable[[Facts], Decision | None]
#: Under this a message may well mean something else: one open question beats an answer to nobody's need.
SURE_ENOUGH = 0.35
#: These start legal clocks: a false alarm is kinder than a missed one.
LEGAL_CLOCKS = frozenset({"return", "data_request"})


def ignore_own_mail(facts: Facts) -> Decision | None:
    """Our own mail that came back to us is no message to anybody."""
    return without_draft(Action.KEEP, facts) if facts.automatic == "own" else None


def show_bounce(facts: Facts) -> Decision | None:
    """A mail of ours that did not arrive, or not yet: the agent should see it."""
    return without_draft(Action.SHOW, facts) if facts.automatic in ("bounce", "delay") else None


def show_automatic_mail(facts: Facts) -> Decision | None:
    """Machines are not answered: neither absence notes nor mailing lists."""
    return without_draft(Action.SHOW, facts) if facts.automatic else None


def call_the_owner(facts: Facts) -> Decision | None:
    """Injury, fire, death, lawyers, threats: a named person answers, and no draft stands in the way."""
    if facts.reading.owner_only is None:
        return None
    decision = without_draft(Action.CALL_OWNER, facts)
    return replace(decision, owner_only=facts.reading.owner_only)


def tell_what_was_given(facts: Facts) -> Decision | None:
    """A colleague or a lead has given money back: the answer says so, with the amount and the day."""
    if facts.given is None:
        return None
    decision = draft(facts, Situation.GRANTED, facts.given)
    paid_twice = facts.intent in ("double_charge", "duplicate_fee")
    return decision if paid_twice else replace(decision, template="reply/refund_granted")


def tell_what_is_promised(facts: Facts) -> Decision | None:
    """This money is promised in another case already: the letter tells of that, and promises nothing a second time."""
    if facts.trusted_order is None or not facts.promised:
        return None
    unpromised = decide(replace(facts, promised=()))
    told = errands.promised_already(facts, unpromised)
    if told is None:
        return None
    # Where something older went back on this order too, the day that went would be told for this one.
    sent_before = errands.latest_refund(facts) is not None and not told.sent
    remedy = errands.as_told(told)
    if sent_before:
        return replace(draft(facts, Situation.GRANTED, remedy), template="reply/refund_granted")
    found = draft(replace(facts, corrected_intent="refund_status"), Situation.GRANTED, remedy)
    return replace(found, template="reply/refund_status_granted")


def let_thanks_rest(facts: Facts) -> Decision | None:
    """A bare thanks wants no answer, unless a person found a request in it."""
    settled = facts.reading.content and not facts.first_answer
    rests = (facts.reading.thanks_only or settled) and facts.corrected_intent is None
    return without_draft(Action.SHOW, facts) if rests else None


def be_glad_with_them(facts: Facts) -> Decision | None:
    """Somebody we have not answered yet writes that all is well: a warm line, whatever it was about."""
    if not facts.reading.content or not facts.first_answer or facts.corrected_intent is not None:
        return None
    if facts.intent == "praise":
        return None
    return replace(draft(facts, Situation.THANKS, None), template="reply/thanks")


def take_it_up_again(facts: Facts) -> Decision | None:
    """We have answered, and it still is not in order: the same person takes it further, without new hoops."""
    unsolved = facts.reading.unsolved and facts.earlier_intent is not None
    if facts.first_answer or not unsolved or facts.corrected_intent is not None:
        return None
    return replace(draft(facts, Situation.UNSOLVED, None), template="reply/still_not_solved")


def ask_where_unsure(facts: Facts) -> Decision | None:
    """Where nobody can tell what is wanted: one open question. A conversation tells what its next message is about."""
    sure = max((intent.confidence for intent in facts.reading.intents[:1]), default=0.0)
    told = facts.corrected_intent is not None or facts.earlier_intent is not None
    named = told or facts.intent in LEGAL_CLOCKS
    return None if named or sure >= SURE_ENOUGH else ask_what_is_needed(facts)


def give_back_double_charge(facts: Facts) -> Decision | None:
    """Paid twice: the extra payment goes back now, without asking anybody (R0-17)."""
    return answer(facts, remedies.double_charge(facts)) if facts.intent == "double_charge" else None


def give_back_duplicate_fee(facts: Facts) -> Decision | None:
    """Shipping charged twice: the extra fee goes back now (R0-18)."""
    return answer(facts, remedies.duplicate_fee(facts)) if facts.intent == "duplicate_fee" else None


def make_damage_good(facts: Facts) -> Decision | None:
    """Damaged: the customer is believed, and chooses a new one or the money."""
    return answer(facts, remedies.new_item_or_money(facts)) if facts.intent == "damaged_item" else None


def send_what_is_missing(facts: Facts) -> Decision | None:
    """Missing, or never arrived whatever the tracking says: it is sent now, or the money goes back."""
    return answer(facts, remedies.sent_anew(facts)) if facts.intent == "missing_item" else None


def send_the_right_one(facts: Facts) -> Decision | None:
    """The wrong thing came, whoever chose it: the right one is sent, and the wrong one is no hurry."""
    return answer(facts, remedies.sent_anew(facts)) if facts.intent == "wrong_item" else None


def own_the_delay(facts: Facts) -> Decision | None:
    """Late: our promise, our fault. The shipping goes back unasked."""
    if facts.intent != "late_delivery":
        return None
    broken = promises.is_broken(facts)
    situation = Situation.GRANTED if broken else Situation.LOOKING
    remedy = remedies.late_delivery(facts)
    # Freight above the agent's limit is not named before a lead has said yes: Refund asks for it.
    return draft(facts, situation, remedy if remedy is None or remedy.within_authority else None)


def say_yes_to_return(facts: Facts) -> Decision | None:
    """A return starts with yes, and the reason is nobody's business. Only the money may wait for a lead."""
    return answer(facts, remedies.returned_goods(facts)) if facts.intent == "return" else None


def find_the_refund(facts: Facts) -> Decision | None:
    """Waiting for money: the day it was sent, where our books know; otherwise we find it."""
    if facts.intent != "refund_status":
        return None
    found = errands.refund_on_its_way(facts)
    remedy = found or replace(remedies.proposed(facts, "refund", "A"), optional=True)
    return draft(facts, Situation.GRANTED if found else Situation.LOOKING, remedy)


def cancel_at_once(facts: Facts) -> Decision | None:
    """Cancelling is the customer's right: it is done in this letter, and nobody asks whether they are sure."""
    if facts.intent != "cancellation":
        return None
    stopped = errands.cancelled_order(facts)
    return draft(facts, Situation.GRANTED if stopped else Situation.LOOKING, stopped or errands.CANCELLED)


def check_the_price(facts: Facts) -> Decision | None:
    """Another price than the one that was shown: the difference is the customer's own money."""
    return looked_up(facts, "price_discount", errands.price_difference(facts))


def explain_the_bill(facts: Facts) -> Decision | None:
    """A bill that is not understood is our work, and waits until it is."""
    return looked_up(facts, "billing_question")


def let_them_in_safely(facts: Facts) -> Decision | None:
    """Back into the account by the address we have: here asking who it is protects the customer."""
    return looked_up(facts, "account_access")


def answer_the_question(facts: Facts) -> Decision | None:
    """A question about a product gets its answer, with a day."""
    return looked_up(facts, "product_question")


def find_the_fault(facts: Facts) -> Decision | None:
    """Something does not work: we find out, say when, and the lost days are not paid for."""
    return looked_up(facts, "technical_fault", remedies.goodwill(facts))


def move_to_the_new_address(facts: Facts) -> Decision | None:
    """Whom we know is moved at once; for anybody else a message to the address we have comes first."""
    if facts.intent != "address_change":
        return None
    return draft(facts, Situation.GRANTED if facts.trusted_order else Situation.LOOKING, None)


def honour_the_data_request(facts: Facts) -> Decision | None:
    """Whoever asks about their own data, or to be forgotten, gets a day and no persuasion."""
    return looked_up(facts, "data_request")


def apologise_for_service(facts: Facts) -> Decision | None:
    """Treated badly: an apology first. What else might help is the agent's own choice."""
    if facts.intent != "service_complaint":
        return None
    return draft(facts, Situation.OPEN, remedies.goodwill(facts))


def pass_on_praise(facts: Facts) -> Decision | None:
    """Thanks are passed on to those who earned them, and sell nothing."""
    return draft(facts, Situation.THANKS, None) if facts.intent == "praise" else None


def ask_what_is_needed(facts: Facts) -> Decision | None:
    """Everything else starts with one open question and a date."""
    return replace(draft(facts, Situation.OPEN, None), template="reply/ask_open")


RULES: tuple[Rule, ...] = (
    ignore_own_mail,
    show_bounce,
    show_automatic_mail,
    call_the_owner,
    tell_what_was_given,
    let_thanks_rest,
    be_glad_with_them,
    take_it_up_again,
    ask_where_unsure,
    tell_what_is_promised,
    give_back_double_charge,
    give_back_duplicate_fee,
    make_damage_good,
    send_what_is_missing,
    send_the_right_one,
    own_the_delay,
    say_yes_to_return,
    find_the_refund,
    cancel_at_once,
    check_the_price,
    explain_the_bill,
    let_them_in_safely,
    answer_the_question,
    find_the_fault,
    move_to_the_new_address,
    honour_the_data_request,
    apologise_for_service,
    pass_on_praise,
    ask_what_is_needed,
)


def decide(facts: Facts) -> Decision:
    """The next step for one message. Never raises for valid facts: the last rule always has an answer."""
    passed: list[str] = []
    for rule in RULES:
        decision = rule(facts)
        if decision is not None:
            return completed(facts, replace(decision, rule=rule.__name__, passed=tuple(passed)))
        passed.append(rule.__name__)
    raise AssertionError("the last rule always has an answer")
