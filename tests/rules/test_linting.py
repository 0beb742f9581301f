"""The trust linter against sentences as agents write them, in five languages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.rules.lexicon import CATEGORIES, SEVERITIES
from bot.rules.linting import COMPLAINTS, QUIET, compile_lexicon, lint, rewritten

LANGUAGES = ("da", "nb", "nn", "sv", "en")
ROOT = Path(__file__).parents[2]
SENTENCES = ROOT / "tests" / "data" / "linting"


def _yaml(path: Path) -> dict[str, Any]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


PACKS = {
    language: _yaml(ROOT / "bot" / "rules" / "packs" / language / "linting.yaml") for language in LANGUAGES
}
LEXICON = compile_lexicon(PACKS)


def found(text: str, language: str, **more: Any) -> set[str]:
    return {finding.category for finding in lint(text, LEXICON, language=language, **more)}


def _flagged(prefix: str = "") -> Iterator[tuple[str, str, str]]:
    for language in LANGUAGES:
        for category, texts in _yaml(SENTENCES / f"{prefix}{language}.yaml")["flagged"].items():
            yield from ((language, category, text) for text in texts)


def _clean(prefix: str = "") -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        yield from ((language, text) for text in _yaml(SENTENCES / f"{prefix}{language}.yaml")["clean"])


def _rewrites() -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        for category in PACKS[language]["categories"].values():
            yield from ((language, rewrite["text"]) for rewrite in category["rewrites"])


@pytest.mark.parametrize(("language", "category", "text"), [*_flagged()])
def test_a_distrustful_sentence_isfound(language: str, category: str, text: str) -> None:
    assert category in found(text, language)


@pytest.mark.parametrize(("language", "text"), [*_clean()])
def test_a_trusting_sentence_is_left_alone(language: str, text: str) -> None:
    assert lint(text, LEXICON, language=language) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentences_cover_every_category_and_are_many(language: str) -> None:
    data = _yaml(SENTENCES / f"{language}.yaml")
    assert set(data["flagged"]) == set(CATEGORIES)
    assert sum(map(len, data["flagged"].values())) >= 60
    assert len(data["clean"]) >= 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_on_the_held_out_sentences_nine_in_ten_are_found_and_none_falsely(language: str) -> None:
    cases = [(category, text) for spoken, category, text in _flagged("held_out_") if spoken == language]
    hits = sum(category in found(text, language) for category, text in cases)
    alarms = [text for spoken, text in _clean("held_out_") if spoken == language and found(text, language)]
    assert hits / len(cases) >= 0.9
    assert alarms == []


@pytest.mark.parametrize(("language", "text"), [*_rewrites()])
def test_every_rewrite_is_clean_itself_in_every_case(language: str, text: str) -> None:
    assert all(not found(text, language, intent=intent) for intent in (None, *COMPLAINTS, *QUIET))


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("da", "Send et skærmbillede, så jeg kan se det.", "regnskab"),
        ("nb", "Send et skjermbilde, så jeg kan se det.", "regnskap"),
        ("nn", "Send eit skjermbilete, så eg kan sjå det.", "rekneskap"),
        ("sv", "Skicka en skärmdump så att jag kan se det.", "bokföring"),
        ("en", "Send a screenshot so I can see it.", "our own books"),
    ],
)
def test_asking_for_a_screenshot_of_a_double_charge_is_answered_with_our_own_books(
    language: str, text: str, word: str
) -> None:
    (finding,) = lint(text, LEXICON, language=language, intent="double_charge")
    assert (finding.category, finding.severity) == ("demands_proof", "high")
    assert word in finding.rewrite
    (without_intent,) = lint(text, LEXICON, language=language)
    assert word in without_intent.rewrite


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Send os et billede af den knækkede hank.", "Jeg tager dit ord"),
        ("Uden kvittering kan vi ikke gøre noget.", "vores egne bøger"),
        ("Du skal dokumentere, at pakken ikke er leveret.", "fragtfirmaet"),
    ],
)
def test_the_rewrite_fits_what_was_asked_for(text: str, word: str) -> None:
    assert word in lint(text, LEXICON, language="da")[0].rewrite


@pytest.mark.parametrize(
    ("text", "category", "levels"),
    [
        ("Send et billede af skaden.", "demands_proof", ("high", "high", "medium")),
        ("Det er vores politik.", "policy_hiding", ("high", "high", "medium")),
        ("Vi beklager, hvis du er utilfreds.", "conditional_apology", ("medium", "medium", "low")),
        ("Du skal returnere den.", "command_tone", ("medium", "low", "low")),
    ],
)
def test_the_same_words_weigh_most_in_a_complaint_and_least_in_small_talk(
    text: str, category: str, levels: tuple[str, str, str]
) -> None:
    for intent, level in zip(("damaged_item", None, "product_question"), levels, strict=True):
        found = {
            finding.category: finding.severity
            for finding in lint(text, LEXICON, language="da", intent=intent)
        }
        assert found[category] == level


@pytest.mark.parametrize(
    "text",
    [
        "SEND ET BILLEDE AF SKADEN",
        "Send  et   billede\tnu.",
        "Hej Mette,\nsend venligst et\nbillede af skaden,\nså vi kan komme videre.",
        "Send et “billede” af skaden.",
        "- Send *et billede* af _skaden_",
        "Send et bil\u00adlede\u200b af skaden.",
        "Tak for din mail. send et billede af skaden.",
    ],
)
def test_spelling_layout_and_decoration_do_not_hide_a_phrase(text: str) -> None:
    assert "demands_proof" in found(text, "da")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Du skulle have laest vejledningen foerst."),
        ("da", "Send et skaermbillede."),
        ("nb", "Du burde ha lest vilkaarene."),
        ("da", "Send et skærmbillede.".replace("æ", "æ")),
        ("sv", "Så är våra rutiner."),
        ("en", "You can’t expect us to know, you should’ve checked the size."),
    ],
)
def test_letters_typed_apart_or_composed_differently_are_the_same(language: str, text: str) -> None:
    assert lint(text, LEXICON, language=language)


def test_offsets_are_code_points_of_the_text_as_it_was_given() -> None:
    text = "Hej 👩‍👧 Søren!\n\nDejligt 🎉. Kontakt   selv\nGLS. Hav en god dag."
    (finding,) = lint(text, LEXICON, language="da")
    assert finding.category == "make_repeat"
    assert finding.text == text[finding.start : finding.end] == "Kontakt   selv\nGLS"
    assert rewritten(text, finding) == f"Hej 👩‍👧 Søren!\n\nDejligt 🎉. {finding.rewrite} Hav en god dag."


def test_findings_come_in_reading_order_and_one_sentence_may_have_several_categories() -> None:
    text = "Det er vores politik. Kære kunde. Du skal sende et billede som bevis."
    found = lint(text, LEXICON, language="da")
    assert [finding.start for finding in found] == sorted(finding.start for finding in found)
    last = {finding.category for finding in found if finding.start > text.index("kunde")}
    assert last == {"demands_proof", "command_tone"}


def test_several_hits_of_one_category_in_a_sentence_are_one_finding() -> None:
    text = "Send et billede som dokumentation, så vi kan vurdere, om skaden er dækket."
    proofs = [f for f in lint(text, LEXICON, language="da") if f.category == "demands_proof"]
    assert [proof.text for proof in proofs] == [text.removesuffix(" er dækket.")]


@pytest.mark.parametrize(
    "text",
    [
        "> Skal jeg sende et billede som bevis?\nNej, jeg sender en ny i dag.",
        "  >> Send et billede.\nJeg har sendt en ny.",
        "&gt; Send et billede.\nJeg har sendt en ny.",
        "Jeg har sendt en ny.\n-- \nSend et billede, og giv os fem stjerner",
        "Du skriver: „jeg kan sende et billede som bevis“, og tak for det.",
        "Jeg har sendt en ny.\n\n-----Oprindelig meddelelse-----\nKan I bevise det?",
    ],
)
def test_words_that_are_not_the_agents_own_are_skipped(text: str) -> None:
    assert lint(text, LEXICON, language="da") == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Du behøver ikke sende varen retur, men vi skal bruge et billede af skaden."),
        ("nb", "Takk for bildene, men vi må også ha kvitteringen."),
        ("nn", "Takk for bileta, men vi må òg ha kvitteringa."),
        ("sv", "Tack för bilderna, men vi behöver kvittot också."),
        ("en", "Thanks for the photos, but we also need the receipt."),
    ],
)
def test_an_excuse_does_not_reach_over_a_but(language: str, text: str) -> None:
    assert "demands_proof" in found(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Har du mulighed for at tage et billede? Det er ikke et krav."),
        ("nb", "Kan du ta et bilde? Det er helt frivillig."),
        ("en", "Could you take a photo? You don't have to."),
    ],
)
def test_a_question_that_the_next_sentence_makes_voluntary_is_clean(language: str, text: str) -> None:
    assert "demands_proof" not in found(text, language)
    assert "demands_proof" in found(text.split("?")[0] + "?", language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Kan du sende dokumentation for, hvem du er, med koden fra din app?"),
        ("nb", "Vi må få bekreftet identiteten din med BankID, så send dokumentasjon der."),
        ("sv", "Vi behöver en bekräftelse på din identitet som underlag, enklast med BankID."),
        ("en", "We need proof of identity before we open the account, for instance a one-time code."),
    ],
)
def test_asking_who_somebody_is_is_in_order_for_accounts_and_personal_data(language: str, text: str) -> None:
    assert "demands_proof" not in found(text, language, intent="account_access")
    assert "demands_proof" not in found(text, language, intent="data_request")
    assert "demands_proof" in found(text, language, intent="damaged_item")


def test_asking_for_a_recommendation_is_found_only_while_it_is_not_in_order() -> None:
    text = "Giv os fem stjerner på Trustpilot."
    assert found(text, "da") == {"premature_referral"}
    assert lint(text, LEXICON, language="da", referral_allowed=True) == ()


def test_a_question_is_no_command() -> None:
    assert found("Du skal udfylde skemaet.", "da") == {"command_tone"}
    assert found("Hvornår skal du sende gaven videre?", "da") == set()


def test_nynorsk_counts_bokmal_phrases_and_answers_in_nynorsk() -> None:
    (finding,) = lint("Vi trenger dokumentasjon på kjøpet.", LEXICON, language="nn")
    assert finding.category == "demands_proof"
    assert finding.why == PACKS["nn"]["categories"]["demands_proof"]["why"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_explains_itself_in_one_sentence_and_has_a_severity_for_every_mood(
    language: str,
) -> None:
    for category in LEXICON.languages[language].categories:
        assert category.why.endswith(".")
        assert category.why.count(". ") == 0
        assert set(category.severity.values()) <= set(SEVERITIES)
        assert category.phrases
