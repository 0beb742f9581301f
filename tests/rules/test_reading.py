"""Customer type, questions, thanks, the noun, and that reading never fails."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from bounded import SideProcess, steps
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_support import labelled, model, packs, read

from bot.rules.facts import Reading
from bot.rules.reading import LONGEST_TEXT, read_message


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("Hvorfor er prisen steget? Jeg vil gerne forstå, hvad der er sket", "thinker", "Hvorfor"),
        ("Jeg er så ked af det, det var en gave til min mor", "feeler", "ked"),
        ("Send en ny straks", "doer", "straks"),
        ("Why was it charged? Please explain", "thinker", "Why"),
        ("Jag är så ledsen, det var en present till min dotter", "feeler", "ledsen"),
    ],
)
def test_customer_type_with_the_words_that_showed_it(text: str, kind: str, word: str) -> None:
    reading = read(text)
    assert reading.customer_type == kind
    assert any(word in because for because in reading.customer_type_because)


def test_without_a_sign_a_complaint_is_a_feeler_and_an_order_a_doer() -> None:
    assert (read("Lampen er revnet").customer_type, read("Lampen er revnet").customer_type_because) == (
        "feeler",
        (),
    )
    assert read("Jeg vil opsige mit abonnement").customer_type == "doer"
    assert read("Hej").customer_type is None


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Hej. Hvor er den? Jeg venter. Kommer den i dag?", ("Hvor er den?", "Kommer den i dag?")),
        ("hvornår får jeg mine penge", ("hvornår får jeg mine penge",)),
        ("Can you help me\n\nThe lamp is broken.", ("Can you help me",)),
        ("Pakken kom kl. 14 den 3. november. Tak.", ()),
        ("Hva?? Hva??", ("Hva??",)),
        ("Hvor er det dejligt med god service", ()),
    ],
)
def test_questions_are_the_sentences_that_ask(text: str, questions: tuple[str, ...]) -> None:
    assert read(text, known=["da"]).questions == questions


@pytest.mark.parametrize(
    "text",
    [
        "Tak!",
        "Mange tak for hjælpen 😊",
        "Tusen takk, ha en fin dag",
        "Tack så mycket!",
        "Thanks a lot!",
        "Hej Maria, tak for svaret.\nMvh Lone",
    ],
)
def test_a_bare_thanks_is_only_that(text: str) -> None:
    reading = read(text)
    assert reading.thanks_only
    assert not reading.greeting_only
    assert reading.intents[0].name in ("other", "praise")


@pytest.mark.parametrize("text", ["Hej", "God dag", "Hi there", "Hei!", "Hej Maria"])
def test_a_bare_greeting_is_only_that(text: str) -> None:
    assert (read(text).greeting_only, read(text).thanks_only) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "Tak, men hvor er den?",
        "Tak, og send også en ny lampe",
        "Hej, min lampe er revnet",
        "Tak for ingenting",
        "",
        "👍",
    ],
)
def test_a_wish_beside_the_thanks_is_no_bare_thanks(text: str) -> None:
    assert not (read(text).thanks_only or read(text).greeting_only)


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("Jakken er revnet i ryggen", "jakken"),
        ("Jeg købte en jakke, og den er revnet", "jakken"),
        ("Termokanden er revnet i bunden", "termokanden"),
        ("Jeg vil returnere skoene", "skoene"),
        ("Jag vill returnera klänningen", "klänningen"),
        ("Eg vil sende tilbake jakka, ho passar ikkje", "jakka"),
        ("The kettle arrived broken", "the kettle"),
        ("Jeg vil returnere jakken og skoene", ""),
        ("Pakken er ikke kommet", ""),
        ("Jeg kan ikke logge ind", ""),
    ],
)
def test_the_noun_is_the_customers_word_and_only_when_sure(text: str, noun: str) -> None:
    assert read(text).noun == noun


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Ja, pengene er kommet. Tak, fordi du huskede at spørge!", True),
        ("Tack så mycket, vad snabbt!", True),
        ("Takk, pakken er kommet", True),
        ("Tak for hjælpen, nu virker det", True),
        ("Ja tak, send mig en ny", False),
        ("Tak for svar, men pengene er her ikke", False),
        ("Tak, jeg vil gerne have pengene tilbage", False),
        ("Thanks, still not received", False),
        ("Tak, hvornår kommer pengene?", False),
    ],
)
def test_a_thanks_rests_only_where_nothing_is_asked(text: str, content: bool) -> None:
    assert read(text).content is content


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=300), st.text(max_size=60), st.lists(st.sampled_from(["da", "nn", "xx", ""]), max_size=3)
)
def test_any_text_gives_the_same_reading_twice(text: str, subject: str, known: list[str]) -> None:
    first = read(text, subject=subject, known=known)
    assert first == read(text, subject=subject, known=known)
    assert first.intents
    assert 0 <= first.feeling <= 2
    assert 0 <= first.language_confidence <= 1


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "ikke ",
        "kr ",
        "1",
        "1.",
        "1 ",
        "?",
        "\n",
        " ",
        "trukket pengene ",
        "tak ",
        "#1 ",
        "ordre nr ",
        "(",
        "😀",
        "å",
        "\x00",
        "'",
        "x' ",
        "12,",
        "I ",
    ],
)
def test_a_megabyte_of_anything_is_read(side_process: SideProcess, piece: str) -> None:
    text = (piece * 1_000_000)[:1_000_000]
    assert isinstance(side_process.do(read, text), Reading)


def test_what_follows_the_longest_text_is_not_read() -> None:
    assert read("la " * (LONGEST_TEXT // 3) + " min advokat, ordre 10432").order_numbers == ()


def test_eight_threads_read_the_same() -> None:
    texts = [text for texts in labelled("dev")["nb"].values() for text in texts[:3]]
    expected = [read(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, texts)) == expected


def test_a_usual_mail_takes_few_steps_and_one_twice_as_long_twice_as_many() -> None:
    text = (
        "Hej, jeg venter stadig på ordre 10432. Sporingen står stille, og I har trukket 649 kr to gange. " * 6
    )
    usual, longer = _steps(text), _steps(text * 2)
    assert usual < 100_000
    assert longer < 2.5 * usual


def _steps(text: str) -> int:
    compiled, scores = packs(), model().scores(text)
    return steps(lambda: read_message(text, compiled, scores=scores))
