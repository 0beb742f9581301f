"""The network that reads: plain messages in every language, the same answer always, nothing from nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.reading_model import LONGEST_TEXT, ReadingModel
from bot.rules.scores import NO_SCORES, NOTHING_HEARD
from bot.word_pieces import WORD_START, WordPieces

PLAIN = [
    ("da", "cancellation", "Jeg vil gerne opsige mit abonnement fra den 1. januar."),
    ("nb", "missing_item", "Halvparten av bestillingen min var ikke med i pakken."),
    ("nn", "account_access", "Eg kjem ikkje inn på kontoen min, passordet verkar ikkje."),
    ("sv", "double_charge", "Ni har dragit pengarna två gånger för samma order."),
    ("en", "return", "I changed my mind about the jacket and want to send it back."),
    ("de", "late_delivery", "Wo bleibt mein Paket? Es sollte schon am Montag hier sein."),
    ("fi", "praise", "Kiitos nopeasta ja ystävällisestä palvelusta!"),
]


@pytest.fixture(scope="module")
def model() -> ReadingModel:
    return ReadingModel.load()


@pytest.mark.parametrize(("language", "intent", "text"), PLAIN)
def test_a_plain_message_is_read_in_every_language(
    model: ReadingModel, language: str, intent: str, text: str
) -> None:
    scores = model.scores(text)
    assert max(scores.intents, key=lambda name: scores.intents[name]) == intent
    assert max(scores.languages, key=lambda name: scores.languages[name]) == language
    for shares in (scores.intents, scores.languages, scores.owner_only):
        assert sum(shares.values()) == pytest.approx(1, abs=0.001)
    assert sum(scores.feeling) == pytest.approx(1, abs=0.001)


def test_an_owners_matter_is_heard_without_its_usual_word(model: ReadingModel) -> None:
    assert model.scores("Jeres oplader sprang, og min søn er på skadestuen nu.").owner_only["none"] < 0.5
    assert model.scores("Hvor er min pakke?").owner_only["none"] > 0.9


def test_the_words_that_made_a_wish_stand_in_the_text(model: ReadingModel) -> None:
    text = "Hej. Jeg har fået en forkert størrelse, jeg bestilte 38. Hilsen Mette"
    because = model.scores(text).because
    assert because["wrong_item"]
    assert all(words in text for phrases in because.values() for words in phrases)
    assert "Mette" not in because["wrong_item"]


@pytest.mark.parametrize(
    "text", ["", " \n\t", "👍", "4711 0815", "...", "Πού είναι το δέμα μου;", "أين طردي", "\x00\x07"]
)
def test_nothing_is_made_of_nothing_or_of_letters_we_do_not_read(model: ReadingModel, text: str) -> None:
    assert model.scores(text) == NO_SCORES


def test_the_answer_is_the_same_twice_and_from_eight_threads(model: ReadingModel) -> None:
    texts = [text for _, _, text in PLAIN]
    alone = [model.scores(text) for text in texts]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(model.scores, texts * 8))
    assert together == alone * 8


def test_only_the_beginning_of_a_long_text_is_read(model: ReadingModel) -> None:
    long = "Hvor er min pakke? " * 200
    assert model.scores(long) == model.scores(long[:LONGEST_TEXT])
    assert model.scores("a" * 1_000_000).intents


def test_a_text_is_cut_into_the_likeliest_known_pieces() -> None:
    pieces = WordPieces.of(
        ["<s>", "<pad>", "</s>", "<unk>", f"{WORD_START}pak", "ke", f"{WORD_START}pakke", "n"],
        [0, 0, 0, 0, -2, -2, -3, -1],
    )
    cut = pieces.cut("Pakken pakken", 20)
    assert cut.words == ["Pakken", "pakken"]
    assert cut.numbers[-3:] == [6, 7, 2]
    assert cut.word_of[0] is None
    assert cut.word_of[-3:] == [1, 1, None]
    assert 3 in cut.numbers, "an unknown capital letter is an unknown piece"
    assert len(pieces.cut("pakken " * 100, 20).numbers) == 20


UNKIND = [
    ("da", "demands_proof", "Vi kan først se på det, når du har dokumenteret, at skoene var i stykker."),
    ("nb", "blame", "Du må nesten ha lest beskrivelsen før du bestilte."),
    ("nn", "coldness", "Det er det ikkje noko å gjere med no."),
    ("sv", "make_repeat", "Ta kontakt med fraktbolaget och förklara vad som har hänt."),
    ("en", "policy_hiding", "Our terms simply don't allow a refund in this situation."),
]


@pytest.mark.parametrize(("language", "category", "text"), UNKIND)
def test_distrust_is_heard_in_every_language_and_told_where(
    model: ReadingModel, language: str, category: str, text: str
) -> None:
    heard = model.heard(text)
    assert max(heard.shares, key=lambda name: heard.shares[name]) == category
    assert heard.shares[category] > 0.5
    start, end = heard.spans[category]
    assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "Tak for billedet, jeg sender en ny i dag.",
        "Du trenger ikke sende oss noe.",
        "Takk for biletet, eg sender ei ny til deg i dag.",
        "Du har helt rätt, och det var vårt fel.",
        "Would you rather have a new one or your money back?",
    ],
)
def test_nothing_is_heard_in_a_kind_sentence(model: ReadingModel, text: str) -> None:
    assert max(model.heard(text).shares.values()) < 0.5


@pytest.mark.parametrize("text", ["", " \n", "👍", "12345", "Πού είναι;", "\x00"])
def test_nothing_is_heard_in_nothing(model: ReadingModel, text: str) -> None:
    assert model.heard(text) == NOTHING_HEARD


def test_a_place_is_told_in_the_sentence_as_it_was_typed(model: ReadingModel) -> None:
    text = "  Det kan\u200b vi ikke, for sådan er reglerne\u00a0bare hos os. "
    for start, end in model.heard(text).spans.values():
        assert 0 <= start < end <= len(text)
