"""Feeling, haste, questions, customer type, owner-only matters, and that reading never fails."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reading_support import labelled, model, packs, raw_packs, read

from bot.rules.facts import Reading
from bot.rules.reading import LONGEST_TEXT, compile_packs, read_message


@pytest.mark.parametrize(
    ("text", "feeling"),
    [
        ("Hej, jeg vil gerne bytte til en større størrelse", 0),
        ("Kan I sige mig, hvornår butikken åbner?", 0),
        ("Det er lidt ærgerligt, at den ikke er kommet", 1),
        ("Jeg er skuffet over jeres service", 1),
        ("Jag är besviken", 1),
        ("Eg er skuffa over dykk", 1),
        ("I am so disappointed with this", 1),
        ("Jeg er rasende, det her er svindel", 2),
        ("Dette er helt forkastelig, jeg handler aldri hos dere igjen", 2),
        ("Jag köper aldrig något av er igen", 2),
        ("This is fraud and I will take my business elsewhere", 2),
        ("DET ER SIMPELTHEN FOR DÅRLIGT, hvor er min pakke", 2),
        ("Jeg har ikke travlt, det er helt fint", 0),
    ],
)
def test_feeling(text: str, feeling: int) -> None:
    assert read(text).feeling == feeling


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("Det haster, vi rejser i morgen", True),
        ("Jeg skal bruge den på lørdag", True),
        ("Kan den nå frem inden fredag?", True),
        ("Jeg trenger den senest i morgen", True),
        ("Eg treng han i morgon", True),
        ("Jag behöver den imorgon", True),
        ("I need it by Friday", True),
        ("Det haster ikke", False),
        ("Hvornår kommer den?", False),
        ("Er butikken åben om lørdagen?", False),
    ],
)
def test_urgent(text: str, urgent: bool) -> None:
    assert read(text).urgent is urgent


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Det er anden gang, I sender den forkerte", True),
        ("Endnu en gang mangler der noget", True),
        ("Nå er det feil igjen", True),
        ("Nok ein gong er pakken forseinka", True),
        ("Nu är den trasig igen", True),
        ("This is the third time it is late", True),
        ("Pakken er gået i stykker", False),
        ("Hvornår får I den på lager igen?", False),
        ("When will it be back in stock again?", False),
    ],
)
def test_second_bad_experience(text: str, second: bool) -> None:
    assert read(text).second_bad_experience is second


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Opladeren brød i brand", "fire"),
        ("Jeg fik elektrisk stød af lampen", "injury"),
        ("Min datter skar sig på glasset og kom på skadestuen", "injury"),
        ("Min mand er død, og jeg skal lukke hans konto", "death"),
        ("Jeg har talt med min advokat", "lawyer"),
        ("Så går sagen til Forbrugerklagenævnet", "complaints_board"),
        ("Jeg melder jer til politiet", "police"),
        ("Jeg har kontaktet en journalist", "press"),
        ("Jeg ved hvor du bor", "threats"),
        ("Jeg orker ikke at leve længere", "suicide"),
        ("Laderen tok fyr i natt", "fire"),
        ("Mora mi døydde i går", "death"),
        ("Jag har kontaktat Konsumentverket", "complaints_board"),
        ("Jag anmäler er till polisen", "police"),
        ("My husband passed away last week", "death"),
        ("You will hear from my solicitor", "lawyer"),
        ("I want to kill myself", "suicide"),
        ("Jeg dør af grin over jeres reklame", None),
        ("Batteriet er dødt", None),
        ("My phone died after a week", None),
        ("I am dying to see it", None),
        ("Jeg bestilte fire puder", None),
        ("Hvor er min pakke?", None),
    ],
)
def test_owner_only(text: str, reason: str | None) -> None:
    assert read(text).owner_only == reason


def test_ordinary_messages_seldom_call_for_the_owner() -> None:
    texts = [text for rows in labelled("dev").values() for texts in rows.values() for text in texts]
    assert sum(read(text).owner_only is not None for text in texts) <= len(texts) / 100


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
def test_a_megabyte_of_anything_is_read_in_bounded_time(piece: str) -> None:
    text = (piece * 1_000_000)[:1_000_000]
    began = time.perf_counter()
    reading = read(text)
    assert isinstance(reading, Reading)
    assert time.perf_counter() - began < 5


def test_what_follows_the_longest_text_is_not_read() -> None:
    assert read("la " * (LONGEST_TEXT // 3) + " min advokat, ordre 10432").order_numbers == ()


def test_eight_threads_read_the_same() -> None:
    texts = [text for texts in labelled("dev")["nb"].values() for text in texts[:3]]
    expected = [read(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(read, texts)) == expected


def test_a_usual_mail_takes_a_few_milliseconds() -> None:
    text = (
        "Hej, jeg venter stadig på ordre 10432. Sporingen står stille, og I har trukket 649 kr to gange. " * 6
    )
    scores = model().scores(text)
    best = min(_seconds(text, scores) for _ in range(5))
    assert best < 0.05


def _seconds(text: str, scores: dict[str, float]) -> float:
    began = time.perf_counter()
    read_message(text, packs(), scores=scores)
    return time.perf_counter() - began


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"intents": {"no_such": {"strong": ["x"]}}}, "da: intents.no_such"),
        ({"intents": {"praise": {"loud": ["x"]}}}, "da: intents.praise.loud"),
        (
            {"intents": {"praise": {"strong": ["{nowhere} x"]}}},
            "da: intents.praise.strong: no list is called 'nowhere'",
        ),
        ({"intents": {"praise": {"strong": ["x .."]}}}, "da: intents.praise.strong"),
        ({"intents": {"praise": {"strong": [False]}}}, "da: intents.praise.strong"),
        ({"feeling": {"happy": ["x"]}}, "da: feeling.happy"),
        ({"colours": {}}, "da: colours"),
        ({"lists": ["x"]}, "da: lists"),
        ({"extends": "xx"}, "da: extends"),
    ],
)
def test_a_broken_pack_is_named_by_language_and_key(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match="da: ") as caught:
        compile_packs({"en": raw_packs()["en"], "da": change})
    assert str(caught.value).startswith(named)


def test_without_english_there_is_nothing_to_fall_back_on() -> None:
    with pytest.raises(ValueError, match="en: "):
        compile_packs({"da": raw_packs()["da"]})


def test_every_shipped_pack_of_a_whole_language_has_cues_for_every_intent() -> None:
    raw = raw_packs()
    for language in ("da", "nb", "sv", "en"):
        assert len(raw[language]["intents"]) == 19


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
