"""The rules' names in words, as a card shows which of them decided."""

from bot.speech import mark, say

_RULES = {
    "ignore_own_mail": mark("ignore own mail"),
    "show_bounce": mark("show bounce"),
    "show_automatic_mail": mark("show automatic mail"),
    "call_the_owner": mark("call the owner"),
    "tell_what_was_given": mark("tell what was given"),
    "let_thanks_rest": mark("let thanks rest"),
    "be_glad_with_them": mark("be glad with them"),
    "take_it_up_again": mark("take it up again"),
    "ask_where_unsure": mark("ask where unsure"),
    "tell_what_is_promised": mark("tell what is promised"),
    "give_back_double_charge": mark("give back double charge"),
    "give_back_duplicate_fee": mark("give back duplicate fee"),
    "make_damage_good": mark("make damage good"),
    "send_what_is_missing": mark("send what is missing"),
    "send_the_right_one": mark("send the right one"),
    "own_the_delay": mark("own the delay"),
    "say_yes_to_return": mark("say yes to return"),
    "find_the_refund": mark("find the refund"),
    "cancel_at_once": mark("cancel at once"),
    "check_the_price": mark("check the price"),
    "explain_the_bill": mark("explain the bill"),
    "let_them_in_safely": mark("let them in safely"),
    "answer_the_question": mark("answer the question"),
    "find_the_fault": mark("find the fault"),
    "move_to_the_new_address": mark("move to the new address"),
    "honour_the_data_request": mark("honour the data request"),
    "apologise_for_service": mark("apologise for service"),
    "pass_on_praise": mark("pass on praise"),
    "ask_what_is_needed": mark("ask what is needed"),
    "event_delay": mark("event delay"),
    "event_outage": mark("event outage"),
    "event_bill": mark("event bill"),
    "event_price_drop": mark("event price drop"),
}


def rule_in_words(name: str) -> str:
    """Such as "own the delay"; a name we do not know stays as it is."""
    return say(_RULES[name]) if name in _RULES else name
