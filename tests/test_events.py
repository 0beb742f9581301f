"""Events of the shop become drafts: one for each person concerned, before they write, and nothing goes by itself."""

from datetime import timedelta

import pytest
from event_scenes import (
    counts,
    event,
    live,
    on_its_way,
    posted,
    send_all,
    stack_text,
    tell,
    told,
    with_customers,
)
from scenes import MORNING, OURS, Scene, keep_order, mail

from bot.errors import Refused
from bot.event_outcomes import Outcome
from bot.records.erasing import erase_person
from bot.shop_events import Kind
from storage import customers, joining, persons
from storage.orders import Parcel
from storage.tables import (
    Conversation,
    ConversationState,
    Customer,
    ShipmentStatus,
    ShopEvent,
    StackedDraft,
    Suggestion,
)

WHERE = "Hej, hvor er min pakke? Det gælder ordre {}."


def customer_id(scene: Scene, email: str) -> int:
    return int(scene.do(persons.find, email)[0])


async def test_everybody_concerned_gets_one_draft_and_the_channel_one_card(scene: Scene) -> None:
    emails = [f"kunde{number}@example.dk" for number in range(12)]
    with_customers(scene, *emails)
    outcomes = tell(scene, *(told(order_number=f"{20_001 + place}", email="") for place in range(12)))
    await scene.work()
    assert outcomes == [Outcome.NEW] * 12
    assert (counts(scene).drafts, counts(scene).waiting) == (12, 12)
    assert "Delay, 2 March: 12 drafts" in stack_text(scene)
    assert posted(scene, "card") == []
    assert scene.mails() == []
    assert {each.conversation.answer_to for each in live(scene)} == set(emails)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("da", "Din pakke kommer tirsdag den 10. marts."),
        ("nb", "Pakken din kommer tirsdag 10. mars."),
        ("nn", "Pakka di kjem tysdag 10. mars."),
        ("sv", "Ditt paket kommer tisdag den 10 mars."),
        ("en", "The new date is Tuesday 10 March."),
        ("de", "The new date is Tuesday 10 March."),
        ("", "Din pakke kommer tirsdag den 10. marts."),
    ],
)
def test_each_is_written_to_in_their_own_language(scene: Scene, language: str, words: str) -> None:
    scene.do(keep_order, on_its_way(language=language))
    tell(scene, told(order_number="10432"))
    assert words in scene.card().text


def test_words_of_the_shop_stand_only_in_letters_of_their_language(scene: Scene) -> None:
    scene.do(keep_order, on_its_way("1"))
    scene.do(keep_order, on_its_way("2", "elin@example.se", language="sv"))
    tell(scene, *(told(order_number=each, email="", reason="storm på Storebælt.") for each in ("1", "2")))
    danish, swedish = scene.rows(Suggestion)
    assert "Det skyldes storm på Storebælt." in danish.text
    assert "Storebælt" not in swedish.text
    tell(scene, told(order_number="2", key="e2", email="", reason="storm på Öresund", language="sv"))
    assert "Det beror på storm på Öresund." in scene.card().text


async def test_a_customer_who_wrote_before_is_answered_in_their_case_in_the_same_stack(scene: Scene) -> None:
    with_customers(scene, "mette@example.dk", "nils@example.dk")
    await scene.receive(mail(WHERE.format("20001"), subject="Pakken"))
    tell(scene, *(told(order_number=each, email="") for each in ("20001", "20002")))
    await scene.work()
    assert (counts(scene).waiting, counts(scene).have_written) == (2, 1)
    assert "2 drafts, 1 of them has written already" in stack_text(scene)
    first = live(scene)[0]
    assert first.row.wrote_first
    assert "før du behøver at spørge" not in first.suggestion.text
    assert len(scene.rows(Conversation)) == 2
    send_all(scene)
    await scene.work()
    to_mette = next(each for each in scene.mails() if each.payload["to"] == "mette@example.dk")
    assert (to_mette.payload["subject"], bool(to_mette.payload["in_reply_to"])) == ("Re: Pakken", True)


async def test_a_question_about_a_charge_is_answered_by_the_bill(scene: Scene) -> None:
    scene.do(keep_order, on_its_way())
    await scene.receive(mail("Hej, hvorfor er min regning blevet dyrere?", subject="Regning"))
    tell(scene, told(Kind.BILL))
    assert counts(scene).have_written == 1
    assert "Din næste regning bliver 349 kr." in scene.card().text


@pytest.mark.parametrize(
    "words",
    [
        "Hej, jeg skar mig til blods på lampen fra ordre 20001.",
        "Hej, I har trukket 499 kr. to gange for ordre 20001. Kan I give mig pengene tilbage?",
    ],
)
async def test_an_answer_that_matters_more_stays_and_the_event_goes_by_itself(
    scene: Scene, words: str
) -> None:
    with_customers(scene, "mette@example.dk", captures=(49_900, 49_900))
    await scene.receive(mail(words))
    before = scene.card()
    tell(scene, told(order_number="20001"))
    assert (counts(scene).waiting, counts(scene).have_written) == (1, 0)
    kept = next(each for each in scene.rows(Suggestion) if each.id == before.id)
    assert kept.state == before.state


async def test_a_customer_who_writes_after_is_answered_first_and_the_agent_knows(scene: Scene) -> None:
    late = Parcel("PostNord", "PN1", ShipmentStatus.SENT, MORNING - timedelta(days=2))
    with_customers(scene, "mette@example.dk", "nils@example.dk", parcels=(late,))
    tell(scene, *(told(order_number=each, email="") for each in ("20001", "20002")))
    await scene.work()
    await scene.receive(mail(WHERE.format("20001")))
    assert (counts(scene).waiting, counts(scene).gone) == (1, 1)
    assert "2 drafts" in stack_text(scene)
    assert any("new date: 10 March" in each for each in scene.card().hints)
    assert "10. marts" in scene.card().text  # the answer to their words knows the new day
    send_all(scene)
    await scene.work()
    assert [each.payload["to"] for each in scene.mails()] == ["nils@example.dk"]


async def test_a_bare_thanks_withdraws_nothing(scene: Scene) -> None:
    with_customers(scene, "mette@example.dk")
    tell(scene, told())
    await scene.receive(mail("Tak!"))
    assert counts(scene).waiting == 1


async def test_an_answer_to_the_letter_comes_back_to_the_case_and_gets_a_card(scene: Scene) -> None:
    with_customers(scene, "mette@example.dk")
    tell(scene, told(order_number="20001"))
    send_all(scene)
    await scene.work()
    (sent,) = scene.mails()
    assert sent.payload["subject"].startswith("Ny dag") and sent.payload["in_reply_to"] == ""
    assert posted(scene, "card") == []
    scene.pass_time(hours=1)
    words = "Hej, så vil jeg hellere have pengene tilbage."
    await scene.receive(mail(words, answers=sent.payload["message_id"], subject="Re: Ny dag"))
    (case,) = scene.rows(Conversation)
    assert case.state is ConversationState.OPEN
    assert posted(scene, "card") != []
    scene.send()
    await scene.work()
    assert scene.mails()[-1].payload["subject"] == f"Re: {sent.payload['subject']}"


def test_the_same_event_again_changes_nothing_and_a_newer_one_makes_the_draft_anew(scene: Scene) -> None:
    with_customers(scene, "mette@example.dk")
    first = told(order_number="20001", updated_at=MORNING)
    assert tell(scene, first) == [Outcome.NEW]
    assert tell(scene, first) == [Outcome.SAME]
    older = told(order_number="20001", new_date="2026-03-09", updated_at=MORNING - timedelta(hours=1))
    assert tell(scene, older) == [Outcome.OLDER]
    newer = told(order_number="20001", new_date="2026-03-12", updated_at=MORNING + timedelta(minutes=1))
    assert tell(scene, newer) == [Outcome.CHANGED]
    assert (counts(scene).drafts, counts(scene).waiting) == (1, 1)
    assert "12. marts" in scene.card().text
    assert len(scene.rows(Conversation)) == 1


async def test_what_was_sent_is_not_told_otherwise_under_the_same_key(scene: Scene) -> None:
    with_customers(scene, "mette@example.dk")
    tell(scene, told(order_number="20001"))
    send_all(scene)
    await scene.work()
    assert tell(scene, told(order_number="20001", new_date="2026-03-12")) == [Outcome.TOO_LATE]
    assert event(scene).details["new_date"] == "2026-03-10"
    assert tell(scene, told(order_number="20001", new_date="2026-03-12", key="e2")) == [Outcome.NEW]


def test_whoever_cannot_be_told_is_named_and_holds_up_nobody(scene: Scene) -> None:
    with_customers(scene, "mette@example.dk", "nils@example.dk", "erna@example.dk", "signe@example.dk")
    erase_person(scene.parts.engine, customer_id(scene, "erna@example.dk"), lambda: scene.now)
    scene.do(customers.mark_bounced, "signe@example.dk", scene.now)
    outcomes = tell(
        scene,
        told(email="nobody@example.dk"),
        told(email="", order_number="77777"),
        told(email="nils@example.dk", order_number="20001"),
        told(email="", order_number="20003"),
        told(email="erna@example.dk"),
        told(email="signe@example.dk"),
        told(email="mette@example.dk"),
        told(email="", order_number="20001", new_date="2026-03-20"),
    )
    assert outcomes == [
        Outcome.UNKNOWN,
        Outcome.UNKNOWN,
        Outcome.NOT_THEIRS,
        Outcome.FORGOTTEN,
        Outcome.UNKNOWN,
        Outcome.UNREACHABLE,
        Outcome.NEW,
        Outcome.TWICE,
    ]
    assert counts(scene).drafts == 1


async def test_a_customer_without_a_mail_address_is_answered_in_slack_or_not_at_all(scene: Scene) -> None:
    await scene.hear_slack("Hei, internett virker ikke her hos oss i dag.")
    await scene.work()
    (tore,) = scene.rows(Customer)
    scene.do(keep_order, on_its_way())
    with_order = scene.rows(Customer)[-1]
    scene.do(joining.join, tore.id, with_order.id, "by hand", scene.now)
    assert tell(scene, told(Kind.OUTAGE)) == [Outcome.NEW]
    (draft,) = live(scene)
    assert (draft.row.wrote_first, draft.conversation.channel) == (True, "slack")


def test_what_has_arrived_is_not_late(scene: Scene) -> None:
    here = Parcel("PostNord", "PN1", ShipmentStatus.DELIVERED, delivered_at=MORNING)
    scene.do(keep_order, on_its_way(parcels=(here,)))
    assert tell(scene, told(order_number="10432")) == [Outcome.NOT_NEEDED]
    assert scene.rows(ShopEvent) == scene.rows(Suggestion) == []


# ---- Persons ----------------------------------------------------------------------------------------------


async def test_two_customers_who_turn_out_to_be_one_get_one_letter(scene: Scene) -> None:
    with_customers(scene, "mette@example.dk", "mh@example.dk")
    tell(scene, *(told(email=each) for each in ("mette@example.dk", "mh@example.dk")))
    one, other = (customer_id(scene, each) for each in ("mette@example.dk", "mh@example.dk"))
    scene.do(joining.join, one, other, "by hand", scene.now)
    done = send_all(scene)
    assert (done.sent, len(done.refused)) == (1, 1)
    await scene.work()
    assert len(scene.mails()) == 1


async def test_somebody_erased_leaves_the_stack_and_nothing_behind(scene: Scene) -> None:
    with_customers(scene, "mette@example.dk", "nils@example.dk")
    tell(scene, *(told(email=each) for each in ("mette@example.dk", "nils@example.dk")))
    await scene.work()
    erase_person(scene.parts.engine, customer_id(scene, "mette@example.dk"), lambda: scene.now)
    await scene.work()
    assert (counts(scene).drafts, len(scene.rows(StackedDraft)), len(scene.rows(ShopEvent))) == (1, 1, 1)
    assert "1 draft." in stack_text(scene)


def test_strangers_may_send_nothing(scene: Scene) -> None:
    with_customers(scene, "mette@example.dk")
    tell(scene, told())
    with pytest.raises(Refused):
        send_all(scene, who="USTRANGER1")
    assert OURS not in {each.conversation.answer_to for each in live(scene)}
    assert counts(scene).waiting == 1
