"""Feeling, haste, a second bad experience, and the matters that only the owner decides."""

import pytest
from reading_support import labelled, read


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
