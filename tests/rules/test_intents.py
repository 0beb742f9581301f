"""What the customer may want."""

import pytest
from reading_support import labelled, packs, read

from bot.rules.intents import read_intents
from bot.rules.scores import Scores
from bot.rules.topics import INTENTS
from bot.rules.words import prepare

LANGUAGES = ("da", "nb", "nn", "sv", "en")


def _right(name: str, language: str) -> tuple[int, int]:
    rows = [(text, intent) for intent, texts in labelled(name)[language].items() for text in texts]
    return sum(read(text).intents[0].name == intent for text, intent in rows), len(rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_intent_is_right_on_the_development_set(language: str) -> None:
    right, total = _right("dev", language)
    assert right / total >= 0.96


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_intent_is_mostly_right_on_messages_never_tuned_on(language: str) -> None:
    right, total = _right("heldout", language)
    assert right / total >= 0.88


@pytest.mark.parametrize("name", ["dev", "heldout"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_labelled_messages(name: str, language: str) -> None:
    rows = labelled(name)[language]
    assert set(rows) == set(INTENTS)
    assert all(len(texts) >= 4 for texts in rows.values())


def test_no_message_is_in_both_sets() -> None:
    sets = [
        {text for rows in labelled(name).values() for texts in rows.values() for text in texts}
        for name in ("dev", "heldout")
    ]
    assert not sets[0] & sets[1]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Lampen er revnet, og I har trukket 300 kr to gange", {"damaged_item", "double_charge"}),
        (
            "Jag vill säga upp abonnemanget. Och när får jag mina pengar tillbaka?",
            {"cancellation", "refund_status"},
        ),
        ("I forgot my password. Where is my parcel?", {"account_access", "late_delivery"}),
        (
            "Vi har flyttet til Moss. Kan dere sende meg en kvittering?",
            {"address_change", "billing_question"},
        ),
    ],
)
def test_several_wishes_in_one_message_are_all_found(text: str, wanted: set[str]) -> None:
    assert wanted <= {intent.name for intent in read(text).intents}


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Jeg vil ikke returnere den, jeg vil bare have en ny ledning", "return"),
        ("Jeg skal ikke annullere noget", "cancellation"),
        ("I don't want to cancel, I want to know when it comes", "cancellation"),
        ("Jag vill inte lämna tillbaka den", "return"),
        ("Eg vil ikkje ha pengane tilbake", "refund_status"),
        ("Jeg vil ikke ha pengene tilbake", "return"),
        ("Det er ikke trukket to ganger", "double_charge"),
    ],
)
def test_a_denied_wish_is_none(text: str, denied: str) -> None:
    assert denied not in {intent.name for intent in read(text).intents}


@pytest.mark.parametrize(
    "text",
    [
        "Tak for ingenting",
        "Fantastisk service, fire uger og ingen der svarer",
        "Takk for ingenting altså",
        "Strålande kundeservice, ikkje eit ord på ei veke",
        "Jättebra service, tre veckor utan svar",
        "Well, thanks for nothing",
        "Great service, ten days and no reply",
    ],
)
def test_sarcasm_is_a_complaint_and_no_praise(text: str) -> None:
    reading = read(text)
    names = [intent.name for intent in reading.intents]
    assert "praise" not in names
    assert names[0] == "service_complaint"
    assert reading.feeling >= 1


@pytest.mark.parametrize(
    ("text", "language", "intent"),
    [
        ("jeg vil retunere skoene", "da", "return"),
        ("vil opsie mit abonnemnet", "da", "cancellation"),
        ("hvor er min ordrre, den er forsinkt", "da", "late_delivery"),
        ("jag vill avbestalla ordern", "sv", "cancellation"),
        ("pakken er odelagt da den kom frem", "da", "damaged_item"),
        ("pakka er oydelagd", "nn", "damaged_item"),
        ("i want a refnud, where is it", "en", "refund_status"),
    ],
)
def test_typing_errors_and_missing_letters_are_forgiven(text: str, language: str, intent: str) -> None:
    assert intent in {found.name for found in read(text, known=[language]).intents}


def test_the_subject_counts() -> None:
    assert (
        read("Hej, se venligst på det.", subject="Dobbelt betaling på min ordre").intents[0].name
        == "double_charge"
    )


def test_the_subject_of_an_answer_counts_less_than_what_is_newly_written() -> None:
    reading = read("Vi er flyttet til Ribe, kan I rette adressen?", subject="Re: Returnering af støvler")
    assert reading.intents[0].name == "address_change"


def test_because_holds_the_customers_own_words() -> None:
    intent = read("Hej. Lampen er   revnet hele vejen rundt").intents[0]
    assert intent.name == "damaged_item"
    assert "revnet" in intent.because


def test_nothing_to_go_by_is_other_and_never_empty() -> None:
    assert [intent.name for intent in read("Blomster og bier").intents] == ["other"]


def test_intents_come_most_likely_first_with_confidences_between_nought_and_one() -> None:
    for text in labelled("dev")["da"]["double_charge"]:
        confidences = [intent.confidence for intent in read(text).intents]
        assert confidences == sorted(confidences, reverse=True)
        assert all(0 < confidence < 1 for confidence in confidences)


def test_scores_of_a_model_are_weighed_with_the_cues() -> None:
    wording = prepare("Blomster og bier")
    found = packs().pack("da").matcher.find(wording)
    assert read_intents(wording, found)[0].name == "other"
    judged = Scores(intents={"product_question": 0.9, "no_such_intent": 1.0})
    assert read_intents(wording, found, judged)[0].name == "product_question"


def test_a_cue_moves_a_model_that_hesitates_and_not_one_that_is_sure() -> None:
    wording = prepare("Jeg vil gerne opsige mit abonnement")
    found = packs().pack("da").matcher.find(wording)
    hesitating = Scores(intents={"billing_question": 0.45, "cancellation": 0.4, "other": 0.15})
    sure = Scores(intents={"billing_question": 0.98, "cancellation": 0.01, "other": 0.01})
    assert read_intents(wording, found, hesitating)[0].name == "cancellation"
    assert read_intents(wording, found, sure)[0].name == "billing_question"


def test_where_no_cue_speaks_the_words_are_the_models() -> None:
    wording = prepare("Blomster og bier")
    found = packs().pack("da").matcher.find(wording)
    judged = Scores(intents={"product_question": 1.0}, because={"product_question": ("bier",)})
    assert read_intents(wording, found, judged)[0].because == ("bier",)


def test_shipping_twice_is_a_fee_and_not_a_double_charge() -> None:
    assert read("Fragten er trukket to gange").intents[0].name == "duplicate_fee"


def test_angry_words_without_a_matter_are_a_complaint() -> None:
    assert read("Jeg er rasende på jer").intents[0].name == "service_complaint"
