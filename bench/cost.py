"""What understanding costs here: the start, a message of 600 characters, memory. Two things in one run, as a ratio.

python -m bench.cost
"""

import resource
import statistics
import time

from bot.checking import check
from bot.house import open_house
from bot.models import LanguageModel
from bot.reading_model import ReadingModel
from bot.rules.reading import read_message

TEXT = (
    "Hej. Jeg bestilte en lampe og to puder den 3. november på ordre 10427, og nu er det femte gang, jeg skriver. "
    "Lampen kom i går, men skærmen er knækket, og puderne mangler helt. Jeg har betalt 1.249,50 kr. og kan se, at der "
    "er trukket fragt to gange. Vi skal bruge lampen på lørdag til min mors fødselsdag. Kan I nå at sende en ny, og "
    "hvornår får jeg fragten igen? "
) * 2
DRAFT = (
    "Hej Mette,\n\nJeg sender dine 548 kr. tilbage lige nu. Undskyld, vi har trukket dig to gange. Jeg forstår godt, "
    "at det er ærgerligt at skulle bruge tid på. Du har pengene senest onsdag, og jeg skriver til dig igen, så snart "
    "banken har meldt tilbage til os. Du behøver ikke gøre mere.\n\nEr det så på plads for dig?\n\n"
    "Venlig hilsen\nSofie"
)
TURNS = 30


def memory() -> float:
    """The most this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def milliseconds(work: object) -> float:
    """The median processor time of a call, on one core."""
    assert callable(work)
    spent = []
    for _ in range(TURNS):
        began = time.process_time()
        work()
        spent.append((time.process_time() - began) * 1000)
    return statistics.median(spent)


def main() -> None:
    """Print the figures."""
    text = TEXT[:600]
    before = memory()
    began = time.process_time()
    ReadingModel.load()
    print(f"loading the network: {time.process_time() - began:.2f} s, {memory() - before:.0f} MB more")
    began = time.process_time()
    house = open_house()
    print(
        f"opening the house, words and network: {time.process_time() - began:.2f} s, {memory():.0f} MB in all"
    )
    network = milliseconds(lambda: house.reader.scores(text))
    detector = milliseconds(lambda: LanguageModel.scores(house.languages, text))
    judged, scores = house.reader.scores(text), house.languages.scores(text)
    words = milliseconds(lambda: read_message(text, house.packs, scores=scores, judged=judged))
    whole = network + detector + words
    print(f"600 characters: {whole:.1f} ms in all")
    drafts = [DRAFT.replace("onsdag", f"onsdag kl. {turn}") for turn in range(TURNS)]
    said = iter(drafts)
    fresh = milliseconds(lambda: check(house, next(said), language="da"))
    again = milliseconds(lambda: check(house, DRAFT, language="da"))
    print(
        f"a draft of {len(DRAFT.split())} words checked: one sentence new {fresh:.1f} ms, all known {again:.1f} ms"
    )
    for name, cost in (("network", network), ("language profiles", detector), ("words", words)):
        print(f"  {name}: {cost:.1f} ms, {cost / whole:.0%}")


if __name__ == "__main__":
    main()
