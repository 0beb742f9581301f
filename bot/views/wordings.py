"""Rows -> what the windows about wordings show: what is in force, the versions, the cases of a letter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.drafting import YOUR_NAME
from bot.gathering import first_name
from bot.house import House
from bot.house_templates import EXAMPLE
from bot.speech import say
from bot.trying_wordings import Case
from storage import wordings
from storage.tables import Agent, Conversation, Customer, FollowUp, PublishedWording, Suggestion

#: Real cases a wording is shown in; so many rows are looked at to find them.
MOST_CASES, LOOKED_AT = 3, 50
#: What is not said of a case.
_NOTHING: dict[str, object] = {key: type(value)() for key, value in EXAMPLE.items()}


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version, with who and when. `text` is empty where the files count."""

    number: int
    who: str
    at: datetime
    text: str
    brings_back: int | None
    overridden: int


@dataclass(frozen=True, slots=True)
class WordingState:
    """A letter in one language as it stands."""

    letter: str
    language: str
    #: In force: the published text, else the house's file, else ours.
    text: str
    #: Newest first.
    versions: tuple[VersionRow, ...]
    #: What an undo brings back, 0 for the files; None where there is nothing to undo.
    before: int | None
    house_has_file: bool

    @property
    def seen(self) -> int:
        """The number of the newest version, 0 where nothing was ever published."""
        return self.versions[0].number if self.versions else 0

    @property
    def is_published(self) -> bool:
        """Whether what was published in chat counts, and not the files."""
        return bool(self.versions and self.versions[0].text)


def letters(house: House) -> list[str]:
    """Every letter there is, such as reply/declined; what several letters share is none."""
    names = [each.split("/") for each in house.our_templates.list_templates() if each.endswith(".j2")]
    return sorted(
        {f"{kind}/{name.removesuffix('.j2')}" for _, kind, name in _letters(names) if name[0] != "_"}
    )


def _letters(names: Iterable[list[str]]) -> Iterable[list[str]]:
    return (each for each in names if len(each) == 3)


def wording_state(session: Session, house: House, letter: str, language: str) -> WordingState:
    """How a letter stands in a language. KeyError where there is no such letter."""
    name = f"{language}/{letter}.j2"
    rows = wordings.history(session, letter, language)
    names = {each.id: each.name for each in session.execute(select(Agent)).scalars()}
    file, ours = _source(house, name)
    return WordingState(
        letter=letter,
        language=language,
        text=(rows[0].text if rows else "") or file,
        versions=tuple(_version(row, names) for row in rows),
        before=wordings.came_before(rows) if rows and rows[0].text else None,
        house_has_file=file != ours,
    )


def file_text(house: House, letter: str, language: str) -> str:
    """What the files say: the house's, else ours."""
    return _source(house, f"{language}/{letter}.j2")[0]


def _source(house: House, name: str) -> tuple[str, str]:
    if name.partition("/")[2].removesuffix(".j2") not in letters(house):
        raise KeyError(name)
    file, ours = house.file_templates, house.our_templates
    assert file.loader is not None and ours.loader is not None
    return file.loader.get_source(file, name)[0], ours.loader.get_source(ours, name)[0]


def _version(row: PublishedWording, names: dict[int | None, str]) -> VersionRow:
    who = names.get(row.agent_id) or say("A colleague")
    return VersionRow(row.version, who, row.published_at, row.text, row.brings_back, row.overridden)


def recent_cases(session: Session, house: House, letter: str, language: str, signer: str) -> tuple[Case, ...]:
    """The latest cases in which this letter was drafted in that language; `signer` signs where nobody has them."""
    kind, _, name = letter.partition("/")
    found = _followed_up(name, language) if kind == "follow_up" else _drafted(letter, language)
    cases: dict[int, Case] = {}
    for suggestion, conversation, customer, agent in session.execute(found.limit(LOOKED_AT)):
        if not suggestion.context or suggestion.conversation_id in cases:
            continue
        more: dict[str, object] = {"house": house.name}
        if kind == "follow_up":
            more |= {"first": True, "also": ()}
        name_below = agent.name if agent else str(suggestion.context.get("agent") or "")
        more["agent"] = first_name(signer if name_below in ("", YOUR_NAME) else name_below)
        cases[suggestion.conversation_id] = Case(
            suggestion.conversation_id,
            customer.preferred_name or conversation.subject,
            suggestion.created_at,
            {**_NOTHING, **suggestion.context, **more},
        )
    return tuple(cases.values())[:MOST_CASES]


def _drafted(letter: str, language: str) -> Any:
    return (
        _with_people()
        .outerjoin(Agent, col(Agent.id) == col(Conversation.agent_id))
        .where(col(Suggestion.template) == letter, col(Suggestion.language) == language)
        .order_by(col(Suggestion.id).desc())
    )


def _followed_up(kind: str, language: str) -> Any:
    """The drafts of cases that had such a follow-up: it is written from what their last draft was given."""
    newest = select(func.max(col(Suggestion.id))).group_by(col(Suggestion.conversation_id))
    return (
        _with_people()
        .join(FollowUp, col(FollowUp.conversation_id) == col(Conversation.id))
        .outerjoin(Agent, col(Agent.id) == col(FollowUp.agent_id))
        .where(col(Suggestion.id).in_(newest), col(FollowUp.kind) == kind, col(FollowUp.language) == language)
        .order_by(col(FollowUp.id).desc())
    )


def _with_people() -> Any:
    return (
        select(Suggestion, Conversation, Customer, Agent)
        .join(Conversation, col(Conversation.id) == col(Suggestion.conversation_id))
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .where(col(Customer.erased_at).is_(None))
    )
