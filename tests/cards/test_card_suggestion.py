"""The card of a conversation: what stands on it and what can be pressed, in every state."""

import json
from dataclasses import replace

import pytest
from card_views import (
    FINDING,
    FOLLOW_UP,
    NOW,
    STATES,
    action_ids,
    card_view,
    errors_of,
    labels,
    menu,
    refund,
    texts,
    walked,
)

from bot.cards.suggestion import suggestion_card
from bot.rules.policy import INTENTS

MONEY = {
    "remedy": "Give the second payment of 499 kr. back to the card.",
    "remedy_amount": "499 kr.",
    "remedy_kind": "refund",
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("draft", ["", "Hej Mette"])
@pytest.mark.parametrize("owner_only", [None, "lawyer"])
@pytest.mark.parametrize("automatic", [None, "bounce", "auto_reply"])
def test_every_state_makes_a_card_slack_takes(
    state: str, draft: str, owner_only: str | None, automatic: str | None
) -> None:
    view = card_view(state=state, draft=draft, owner_only=owner_only, automatic=automatic)
    assert errors_of(suggestion_card(view)) == []


def test_a_new_card_shows_letter_draft_and_buttons_in_the_agreed_order() -> None:
    card = suggestion_card(card_view(follow_up=FOLLOW_UP, **MONEY))
    assert [block["type"] for block in card.blocks] == [
        "header", "context", "context", "rich_text", "section", "context", "rich_text", "context", "section",
        "context", "container", "actions", "actions", "context",
    ]  # fmt: skip
    assert card.blocks[0]["text"]["text"] == "Mette Larsen: charged twice"
    assert labels(card) == ["Send Reply", "Edit", "Refund", "Follow Up", "Dismiss"]
    assert menu(card) == ["resolve", "not_a_request", "correct_intent"]
    assert (
        card.blocks[-1]["elements"][0]["text"] == "Nothing reaches Mette Larsen until you press Send Reply."
    )


def test_the_buttons_carry_ids_and_the_version_they_were_shown_with() -> None:
    card = suggestion_card(card_view())
    actions = next(block for block in card.blocks if block["type"] == "actions")
    assert actions["block_id"] == "card:12:v3"
    values = [element["value"] for element in actions["elements"] if element["type"] == "button"]
    assert {tuple(json.loads(value).items()) for value in values} == {(("c", 12), ("v", 3))}
    assert action_ids(card) == [
        "card_send", "card_edit", "card_refund", "card_follow_up", "card_dismiss", "card_more",
        "card_case",
    ]  # fmt: skip


def test_the_draft_stands_on_the_card_letter_for_letter() -> None:
    draft = "Hej Mette\n\n*Du* har ret: <!channel> & :smile:\n\n\n  To gange."
    card = suggestion_card(card_view(draft=draft))
    leaves = [one["text"] for one in walked(card.blocks) if one.get("type") == "text"]
    assert draft in leaves


def test_a_long_draft_is_shown_cut_and_says_that_the_whole_goes_out() -> None:
    card = suggestion_card(card_view(draft="a" * 5000))
    leaves = [one["text"] for one in walked(card.blocks) if one.get("type") == "text"]
    assert "a" * 2799 + "…" in leaves
    assert "Shown cut: the whole reply of 5,000 characters goes out." in texts(card)
    assert "Shown cut" not in texts(suggestion_card(card_view(draft="a" * 2800)))


def test_long_words_of_the_customer_are_cut_at_600() -> None:
    card = suggestion_card(card_view(customer_text="b" * 700))
    assert "b" * 599 + "…" in texts(card)
    assert "b" * 600 not in texts(card)


def test_sending_money_is_named_on_the_button_and_below_it() -> None:
    card = suggestion_card(card_view(send_refunds=True, **MONEY))
    assert labels(card)[0] == "Send and Refund 499 kr."
    assert "until you press Send and Refund 499 kr." in texts(card)
    assert "press Send and Refund 499 kr." in card.text
    assert not card.text.endswith("..")


@pytest.mark.parametrize(
    ("kind", "label"), [("release", "Send and Release 9 €"), ("credit", "Send and Credit 9 €")]
)
def test_the_button_says_what_the_money_does(kind: str, label: str) -> None:
    view = card_view(send_refunds=True, remedy="x", remedy_amount="9 €", remedy_kind=kind)
    assert labels(suggestion_card(view))[0] == label


def test_only_a_second_check_asks_before_sending() -> None:
    asked = [
        one
        for one in walked(suggestion_card(card_view(needs_second_check=True, **MONEY)).blocks)
        if "confirm" in one
    ]
    assert [one["action_id"] for one in asked if one.get("type") == "button"] == ["card_send"]
    assert "499 kr." in asked[0]["confirm"]["text"]["text"]
    assert not any("confirm" in one for one in walked(suggestion_card(card_view(**MONEY)).blocks))


def test_the_remedy_says_what_may_be_given_and_by_whom() -> None:
    assert "*You may give this now:* Give the second" in texts(suggestion_card(card_view(**MONEY)))
    above = suggestion_card(card_view(within_authority=False, **MONEY))
    assert "Above your limit: a lead says yes or no." in texts(above)
    assert "You may give this now" not in texts(above)
    assert "above your limit" in above.text
    unknown = texts(suggestion_card(card_view(known=False, **MONEY)))
    assert "Not in our books yet: look it up before the money moves." in unknown


def test_findings_show_words_reason_and_kinder_sentence() -> None:
    card = suggestion_card(card_view(findings=(FINDING,) * 5))
    shown = texts(card)
    assert "Trust check: 5 findings, the first 3 shown" in shown
    assert shown.count("“send us a screenshot”") == 3
    assert "Kinder: “I can see both payments here.”" in shown
    assert "Asks for proof" in shown
    assert "5 findings" in card.text
    assert "Trust check: no findings" in texts(suggestion_card(card_view()))


def test_the_reasons_are_folded_and_hold_facts_words_and_the_four_steps() -> None:
    view = card_view(customer_type="doer", customer_type_because=("asap",), bala="accept_asked")
    card = suggestion_card(view)
    folded = next(block for block in card.blocks if block["type"] == "container")
    assert folded["is_collapsible"] is True
    assert folded["default_collapsed"] is True
    said = "\n".join(one["text"] for one in walked(folded) if isinstance(one.get("text"), str))
    assert "Charged twice (86 %), where the refund is (9 %)" in said
    assert "“to gange”" in said
    assert "Order 10432: two captures of 499 kr." in said
    assert "a doer, because of “asap”" in said
    assert said.count("●") == 3
    assert said.count("○") == 1
    assert "Give back double charge" in said
    assert "ignore automatic mail" in said


def test_mood_and_history_are_said_in_words() -> None:
    card = suggestion_card(
        card_view(feeling=2, urgent=True, second_chance=True, open_cases=2, answers_follow_up=True)
    )
    assert "Danish · Angry or about to leave · Urgent · Second chance · 2 open cases" in texts(card)
    assert "This answers our follow-up" in texts(card)
    assert card.text.startswith("Urgent. Mette Larsen: charged twice.")


def test_a_scheduled_follow_up_can_be_cancelled_a_planned_one_is_only_announced() -> None:
    planned = suggestion_card(card_view(follow_up=FOLLOW_UP))
    assert "Follow-up when this is resolved · <!date^" in texts(planned)
    assert "cancel_follow_up" not in menu(planned)
    scheduled = suggestion_card(card_view(state="sent", follow_up=replace(FOLLOW_UP, state="scheduled")))
    assert "Follow-up set for · <!date^" in texts(scheduled)
    assert menu(scheduled) == ["correct_intent", "cancel_follow_up"]


@pytest.mark.parametrize("state", [state for state in STATES if state != "new"])
def test_nothing_can_be_sent_edited_or_dismissed_once_it_is_under_way(state: str) -> None:
    pressed = set(action_ids(suggestion_card(card_view(state=state, decided_by="U1"))))
    unwanted = {"card_send", "card_dismiss"} | ({"card_edit"} if state != "shown" else set())
    assert not pressed & unwanted


def test_a_card_under_way_has_no_buttons_and_shows_what_goes_out() -> None:
    card = suggestion_card(card_view(state="sending", sent_text="Hej, i min egen stil"))
    assert action_ids(card) == []
    assert "Sending ..." in texts(card)
    assert "Hej, i min egen stil" in texts(card)
    assert "Du har ret" not in texts(card)


def test_a_sent_card_says_by_whom_and_leaves_what_comes_after() -> None:
    card = suggestion_card(
        card_view(state="sent", decided_by="U0PRIYA", decided_at=NOW, edited=True, problem="Not confirmed")
    )
    moment = "<!date^1793871000^{date_short_pretty} {time}|5 Nov 2026 09:30 UTC>"
    assert f"Sent by <@U0PRIYA> · {moment} (edited)" in texts(card)
    assert "Not confirmed" in texts(card)
    assert action_ids(card) == [
        "card_refund", "card_follow_up", "card_resolve", "queue_next", "card_more", "card_case",
    ]  # fmt: skip
    assert menu(card) == ["correct_intent"]
    assert "Reply sent by <@U0PRIYA>." in card.text


def test_a_failed_card_offers_retry_and_the_text_to_copy() -> None:
    card = suggestion_card(card_view(state="failed", problem="The server said <no>.", sent_text="Min tekst"))
    assert "Not sent: The server said <no>." in texts(card)
    assert "Not sent: The server said &lt;no&gt;." in card.text
    assert action_ids(card) == ["card_retry", "card_more", "card_case"]
    copied = [one for one in walked(card.blocks) if one.get("type") == "rich_text_preformatted"]
    assert copied[0]["elements"][0]["text"] == "Min tekst"


def test_a_dismissed_and_a_withdrawn_card_say_so() -> None:
    dismissed = suggestion_card(card_view(state="dismissed", decided_by="U0TOM", decided_at=NOW))
    assert "Dismissed by <@U0TOM> · <!date^" in texts(dismissed)
    withdrawn = suggestion_card(card_view(state="withdrawn", problem="Tom answered in the thread"))
    assert "Withdrawn: Tom answered in the thread" in texts(withdrawn)
    assert "Suggested reply" not in texts(dismissed) + texts(withdrawn)


def test_only_a_named_person_answers_what_is_theirs() -> None:
    card = suggestion_card(card_view(owner_only="lawyer", owner_id="U0BOSS", **MONEY))
    assert "*Only a named person answers this:* it speaks of a lawyer. <@U0BOSS>" in texts(card)
    assert labels(card) == ["Write Reply", "Resolve"]
    assert action_ids(card) == ["card_edit", "card_resolve"]
    assert "Suggested reply" not in texts(card)
    assert "You may give" not in texts(card)
    assert "<@U0BOSS>" in card.text
    sent = suggestion_card(card_view(state="sent", owner_only="lawyer", decided_by="U0BOSS"))
    assert action_ids(sent) == ["card_resolve"]


@pytest.mark.parametrize("automatic", ["auto_reply", "bounce", "delay", "list", "own"])
def test_mail_from_machines_makes_a_small_quiet_card(automatic: str) -> None:
    card = suggestion_card(card_view(automatic=automatic, draft=""))
    assert labels(card) == []
    assert menu(card) == ["resolve"]
    assert len(card.blocks) <= 4


def test_a_bare_thanks_is_shown_with_a_reply_if_one_likes() -> None:
    card = suggestion_card(card_view(state="shown", draft="", headline="says thanks"))
    assert labels(card) == ["Write Reply", "Resolve"]
    assert "No answer is needed" in card.text


def test_the_last_refunds_are_listed_with_where_they_are() -> None:
    card = suggestion_card(
        card_view(refunds=tuple(refund(refund_id=n, amount=f"{n} kr.") for n in range(1, 6)))
    )
    assert "Refund of 5 kr. asked by <@U0PRIYA> · waiting for approval" in texts(card)
    assert "Refund of 2 kr." not in texts(card)


def test_the_header_falls_back_to_what_is_known() -> None:
    card = suggestion_card(card_view(customer_name="", headline="", subject="", address=""))
    assert card.blocks[0]["text"]["text"] == "The customer: charged twice"


def test_a_longer_wait_is_told_beside_the_date() -> None:
    earlier = NOW.replace(hour=7)
    assert "waiting since" in texts(suggestion_card(card_view(waiting_since=earlier)))
    assert "waiting since" not in texts(suggestion_card(card_view()))


def test_a_link_that_is_no_web_address_is_only_its_label() -> None:
    linked = suggestion_card(card_view(permalink="https://acme.slack.com/p1?a=1&b=2"))
    assert "<https://acme.slack.com/p1?a=1&amp;b=2|View thread>" in texts(linked)
    assert "javascript" not in texts(suggestion_card(card_view(permalink="javascript:alert(1)|x>")))


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_has_a_label_of_its_own(intent: str) -> None:
    card = suggestion_card(card_view(headline="", subject="", intent=intent))
    assert "_" not in card.blocks[0]["text"]["text"]


def test_equal_views_make_equal_cards() -> None:
    assert suggestion_card(card_view()) == suggestion_card(card_view())


@pytest.mark.parametrize("state", ["sent", "dismissed", "shown"])
def test_a_solved_case_is_not_to_be_resolved_again(state: str) -> None:
    assert "press Resolve" in suggestion_card(card_view(state=state)).text.replace("Press", "press")
    solved = suggestion_card(card_view(state=state, resolved=True)).text
    assert "Resolve" not in solved and solved.endswith("The case is solved: press Reopen if it is not.")
