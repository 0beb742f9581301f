"""How well wording is caught: the trust linter's recall and false alarms, by language and by category.

    python -m bench.linting                 the test half
    python -m bench.linting --fresh         a second test set, written later by others, all of it for figures only
    python -m bench.linting --words         by the word lists alone, without the network (with any of the others)
    python -m bench.linting --development   the half that words may be chosen by
    python -m bench.linting --wrong         what is missed and what is flagged falsely, of the development half only
    python -m bench.linting --rewrites      every finding with its reason and rewrite, of the development half only

The drafts in tests/data/linting/drafts.tsv were written before their author had seen the word lists. Draft n says
much the same in every language, so all languages' draft n fall in the same half, by a hash of its place: what is
learned from one language's development half was not seen in another's test half. Nothing is tuned on the test half.
Add drafts at the end of a language, to all languages alike.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.checking import check
from bot.house import House, open_house
from bot.rules.lexicon import CATEGORIES, Lexicon
from bot.rules.linting import Finding, lint, rewritten

DRAFTS = Path(__file__).parent.parent / "tests" / "data" / "linting" / "drafts.tsv"
FRESH_DRAFTS = DRAFTS.with_name("fresh_drafts.tsv")
CLEAN = "clean"
FRESH = "fresh"
HALVES = ("test", "development")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence or short draft of an agent's. `place` counts from 1 within the language."""

    language: str
    category: str
    text: str
    place: int
    is_fresh: bool = False

    @property
    def half(self) -> str:
        """The half it belongs to; siblings in other languages belong to the same."""
        if self.is_fresh:
            return FRESH
        return HALVES[hashlib.sha256(f"draft {self.place}".encode()).digest()[0] % 2 == 0]


@dataclass(frozen=True, slots=True)
class Linted:
    """A draft and what the linter says of it, as for a message whose intent is not known."""

    draft: Draft
    findings: tuple[Finding, ...]

    @property
    def right(self) -> bool:
        """A clean draft has no finding; a faulty one has a finding of its category."""
        if self.draft.category == CLEAN:
            return not self.findings
        return any(finding.category == self.draft.category for finding in self.findings)


def drafts(path: Path = DRAFTS) -> list[Draft]:
    """Every draft of a file, of both halves."""
    places: Counter[str] = Counter()
    found = []
    for line in path.read_text("utf-8").splitlines()[1:]:
        language, category, text = line.split("\t")
        places[language] += 1
        found.append(Draft(language, category, text, places[language], path == FRESH_DRAFTS))
    return found


#: Finds what is wrong with a draft.
Linter = Callable[[Draft], tuple[Finding, ...]]


def by_words(lexicon: Lexicon) -> Linter:
    """The word lists alone."""
    return lambda draft: lint(draft.text, lexicon, language=draft.language)


def whole(house: House) -> Linter:
    """The trust check as the program makes it: word lists and network."""
    return lambda draft: check(house, draft.text, language=draft.language)


def linted(half: str, linter: Linter) -> list[Linted]:
    """The drafts of one half, or the fresh ones, with their findings."""
    every = drafts(FRESH_DRAFTS) if half == FRESH else drafts()
    return [Linted(draft, linter(draft)) for draft in every if draft.half == half]


def recall(cases: Sequence[Linted]) -> float:
    """The share of faulty drafts found under their category; 0 if there is none."""
    faulty = [case for case in cases if case.draft.category != CLEAN]
    return sum(case.right for case in faulty) / len(faulty) if faulty else 0.0


def false_alarms(cases: Sequence[Linted]) -> float:
    """The share of clean drafts with any finding; 0 if there is none."""
    clean = [case for case in cases if case.draft.category == CLEAN]
    return sum(not case.right for case in clean) / len(clean) if clean else 0.0


def table(cases: Sequence[Linted]) -> str:
    """Recall by category and in all, and false alarms, by language, as a Markdown table with counts."""
    languages = list(dict.fromkeys(case.draft.language for case in cases))
    lines = ["| what | " + " | ".join(languages) + " | all |", "|---|" + "---|" * (len(languages) + 1)]
    rows = [
        *((name, (name,)) for name in CATEGORIES),
        ("**recall**", CATEGORIES),
        ("**falsely flagged**", (CLEAN,)),
    ]
    for name, categories in rows:
        mine = [case for case in cases if case.draft.category in categories]
        cells = [_share([case for case in mine if case.draft.language == each]) for each in languages]
        lines.append(f"| {name} | " + " | ".join([*cells, _share(mine)]) + " |")
    return "\n".join(lines)


def _share(cases: Sequence[Linted]) -> str:
    if not cases:
        return "no data"
    counted = sum(case.right != (case.draft.category == CLEAN) for case in cases)
    return f"{counted / len(cases):.3f} ({counted}/{len(cases)})"


def wrong(cases: Sequence[Linted]) -> str:
    """Faulty drafts that were missed, then clean ones that were flagged."""
    lines = []
    for case in (case for case in cases if not case.right):
        said = ", ".join(f"{finding.category}: {finding.text!r}" for finding in case.findings) or "nothing"
        lines.append(f"{case.draft.language} {case.draft.category} -> {said}\n    {case.draft.text}")
    return "\n".join(lines)


def rewrites(cases: Sequence[Linted]) -> str:
    """Every finding: the draft, the words found, why, and the draft rewritten."""
    return "\n\n".join(
        f"{case.draft.language} {finding.category} [{finding.text}]\n    {case.draft.text}\n"
        f"    why: {finding.why}\n    now: {rewritten(case.draft.text, finding)}"
        for case in cases
        for finding in case.findings
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for option in ("fresh", "words", "development", "wrong", "rewrites"):
        parser.add_argument(f"--{option}", action="store_true")
    parser.add_argument("--language", default="")
    wanted = parser.parse_args()
    development = wanted.development or wanted.wrong or wanted.rewrites
    half = HALVES[1] if development else FRESH if wanted.fresh else HALVES[0]
    house = open_house()
    linter = by_words(house.lexicon) if wanted.words else whole(house)
    cases = [case for case in linted(half, linter) if wanted.language in ("", case.draft.language)]
    if wanted.wrong or wanted.rewrites:
        print(wrong(cases) if wanted.wrong else rewrites(cases))
        return
    print(f"{len(cases)} drafts, {half}{', word lists alone' if wanted.words else ''}\n")
    print(table(cases))


if __name__ == "__main__":
    main()
