"""The trust linter against sentences as agents write them, in five languages."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.rules.lexicon import CATEGORIES, SEVERITIES
from bot.rules.linting import COMPLAINTS, QUIET, Finding, Lexicon, compile_lexicon, lint, rewritten
from bot.rules.sentences import MAX_CHARACTERS

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


def _found(text: str, language: str, **more: Any) -> set[str]:
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
def test_a_distrustful_sentence_is_found(language: str, category: str, text: str) -> None:
    assert category in _found(text, language)


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
    hits = sum(category in _found(text, language) for category, text in cases)
    alarms = [text for spoken, text in _clean("held_out_") if spoken == language and _found(text, language)]
    assert hits / len(cases) >= 0.9
    assert alarms == []


@pytest.mark.parametrize(("language", "text"), [*_rewrites()])
def test_every_rewrite_is_clean_itself_in_every_case(language: str, text: str) -> None:
    assert all(not _found(text, language, intent=intent) for intent in (None, *COMPLAINTS, *QUIET))


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
        ("Send os et billede af den knækkede hank.", "Jeg tror på dig"),
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
    assert "demands_proof" in _found(text, "da")


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
    text = "Hej 👩‍👧 Søren!\n\nDejligt 🎉. Du må selv   kontakte\nGLS. Hav en god dag."
    (finding,) = lint(text, LEXICON, language="da")
    assert finding.category == "make_repeat"
    assert finding.text == text[
        finding.start : finding.end
    ] == "må selv   kontakte\nGLS" or finding.text.startswith("Du")
    assert rewritten(text, finding).startswith("Hej 👩‍👧 Søren!\n\nDejligt 🎉. " + finding.rewrite)
    assert rewritten(text, finding).endswith(finding.rewrite + " Hav en god dag.")


def test_findings_come_in_reading_order_and_one_sentence_may_have_several_categories() -> None:
    text = "Det er vores politik. Kære kunde. Du skal sende et billede som bevis."
    found = lint(text, LEXICON, language="da")
    assert [finding.start for finding in found] == sorted(finding.start for finding in found)
    last = {finding.category for finding in found if finding.start > text.index("kunde")}
    assert last == {"demands_proof", "command_tone"}


def test_several_hits_of_one_category_in_a_sentence_are_one_finding() -> None:
    text = "Send et billede som dokumentation, så vi kan vurdere, om skaden er dækket."
    proofs = [f for f in lint(text, LEXICON, language="da") if f.category == "demands_proof"]
    assert [proof.text for proof in proofs] == [text.removesuffix(".")]


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
    assert "demands_proof" in _found(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Har du mulighed for at tage et billede? Det er ikke et krav."),
        ("nb", "Kan du ta et bilde? Det er helt frivillig."),
        ("en", "Could you take a photo? You don't have to."),
    ],
)
def test_a_question_that_the_next_sentence_makes_voluntary_is_clean(language: str, text: str) -> None:
    assert "demands_proof" not in _found(text, language)
    assert "demands_proof" in _found(text.split("?")[0] + "?", language)


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
    assert "demands_proof" not in _found(text, language, intent="account_access")
    assert "demands_proof" not in _found(text, language, intent="data_request")
    assert "demands_proof" in _found(text, language, intent="damaged_item")


def test_asking_for_a_recommendation_is_found_only_while_it_is_not_in_order() -> None:
    text = "Giv os fem stjerner på Trustpilot."
    assert _found(text, "da") == {"premature_referral"}
    assert lint(text, LEXICON, language="da", referral_allowed=True) == ()


def test_a_question_is_no_command() -> None:
    assert _found("Du skal udfylde skemaet.", "da") == {"command_tone"}
    assert _found("Hvornår skal du sende gaven videre?", "da") == set()


def test_nynorsk_counts_bokmal_phrases_and_answers_in_nynorsk() -> None:
    (finding,) = lint("Vi trenger dokumentasjon på kjøpet.", LEXICON, language="nn")
    assert finding.category == "demands_proof"
    assert finding.why == PACKS["nn"]["categories"]["demands_proof"]["why"]


@pytest.mark.parametrize("language", ["de", "fi", "", "xx"])
def test_a_language_without_a_lexicon_is_read_in_english(language: str) -> None:
    assert _found("We need proof before we can help.", language) == {"demands_proof"}


@pytest.mark.parametrize("text", ["", " \n\n", "🎉", "-- \nMette", "...", '"', ">"])
def test_a_text_without_words_has_no_findings(text: str) -> None:
    assert all(lint(text, LEXICON, language=language) == () for language in LANGUAGES)


@pytest.mark.parametrize(
    "unit", ["send ", "a", ".", "\n", '"', "> ", "du skal ", "a-", "kan du ... ", "send\u200b", "hej "]
)
def test_a_huge_text_is_cut_before_it_is_read(unit: str) -> None:
    huge = unit * (100_000 // len(unit)) + ". Det er vores politik."
    assert all(finding.end <= MAX_CHARACTERS for finding in lint(huge, LEXICON, language="da"))
    assert "policy_hiding" not in _found(huge, "da")


def test_the_last_sentence_within_the_limit_is_still_read() -> None:
    phrase = "Det er vores politik."
    assert "policy_hiding" in _found("x" * (MAX_CHARACTERS - len(phrase) - 2) + ". " + phrase, "da")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_explains_itself_in_one_sentence_and_has_a_severity_for_every_mood(
    language: str,
) -> None:
    for category in LEXICON.languages[language].categories:
        assert category.why.endswith(".")
        assert category.why.count(". ") == 0
        assert set(category.severity.values()) <= set(SEVERITIES)
        assert category.phrases


def _pack(**changes: Any) -> dict[str, Any]:
    category = {
        "severity": {"complaint": "high", "usual": "high", "small_talk": "low"},
        "why": "Because.",
        "phrases": ["red flag"],
        "rewrites": [{"text": "All is well."}],
    }
    changed = {**category, **changes}
    return {
        "contrast": "but",
        "words": {"colour": "red | blue"},
        "categories": {name: changed if name == "blame" else category for name in CATEGORIES},
    }


def _mini(**changes: Any) -> Lexicon:
    return compile_lexicon({"en": _pack(**changes)})


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"why": ""}, "en: categories.blame.why: must be a text"),
        ({"phrases": "red"}, "en: categories.blame.phrases: must be a list"),
        ({"phrases": ["<shade> flag"]}, "en: categories.blame.phrases[0]: there is no word list 'shade'"),
        ({"phrases": ["ok", "(red flag"]}, "en: categories.blame.phrases[1]: '(' without ')'"),
        ({"phrases": ["red) flag"]}, "en: categories.blame.phrases[0]: 'red) flag' has a stray ')'"),
        ({"phrases": ["a ... b ... c ... d ... e"]}, "en: categories.blame.phrases[0]: too many gaps"),
        ({"phrases": ["[red]"]}, "en: categories.blame.phrases[0]: '[red]' would match anything"),
        ({"phrases": ["(red|)"]}, "en: categories.blame.phrases[0]: an empty choice"),
        ({"phrases": ["re?d"]}, "en: categories.blame.phrases[0]: 're?d' is not a word"),
        ({"phrase": []}, "en: categories.blame.phrase: is not known here"),
        (
            {"severity": {"complaint": "high"}},
            "en: categories.blame.severity: needs complaint, usual, small_talk",
        ),
        (
            {"rewrites": [{"text": "x", "when": ["red"]}]},
            "en: categories.blame.rewrites: must end with a text",
        ),
        ({"allowed": []}, "en: categories.blame.allowed: must be a mapping"),
    ],
)
def test_a_malformed_list_is_refused_by_language_and_key(changes: Mapping[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError) as refused:
        _mini(**changes)
    assert complaint in str(refused.value)


def test_a_word_list_that_contains_itself_is_refused() -> None:
    pack = _pack() | {"words": {"colour": "red | <shade>", "shade": "dark | <colour>"}}
    with pytest.raises(ValueError, match="contains itself"):
        compile_lexicon({"en": pack})


def test_borrowing_from_a_missing_language_is_refused() -> None:
    with pytest.raises(ValueError, match="nn: borrows: there is no pack 'nb'"):
        compile_lexicon({"nn": _pack() | {"borrows": ["nb"]}})


@pytest.mark.parametrize(
    ("pattern", "hits", "misses"),
    [
        ("red flag", "a Red, flag", "a redder flag"),
        ("flag*", "two flags", "a redflag"),
        ("*flag", "a redflag", "two redflags"),
        ("<colour> flag", "a blue flag", "a green flag"),
        ("red [little] flag", "red flag", "red big flag"),
        ("red .. flag", "red and small flag", "red and very small flag"),
        (
            "red ... flag",
            "red one two three four five six flag",
            "red one two three four five six seven flag",
        ),
        ("^red", "red it is", "it is red"),
        ("red$", "it is red.", "red it is"),
        ("red & flag", "a flag in red", "a flag"),
        ("(dark red|pale) flag", "one pale flag", "one dark flag"),
    ],
)
def test_the_pattern_language_does_what_its_description_says(pattern: str, hits: str, misses: str) -> None:
    lexicon = _mini(phrases=[pattern])

    def found(text: str) -> bool:
        return "blame" in {f.category for f in lint(text, lexicon, language="en")}

    assert found(hits)
    assert not found(misses)


def test_a_finding_says_what_it_found_and_why() -> None:
    found = lint("One red flag here.", _mini(), language="en", intent="praise")
    assert Finding("blame", "low", 4, 12, "red flag", "Because.", "All is well.") in found
