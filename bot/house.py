"""The house: its name, its people's roles, its policy, its words and its templates, read from disk once at start.

Our own files are the default; a file of the same name in the house folder (`TILLID_HOUSE`) wins. A template or a
word list of the house that does not work is left out, for ours, and named in `problems`; a house.yaml or policy.yaml
that does not stops the start, because limits of money are never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment

from bot.errors import ConfigError
from bot.house_attachments import house_attachments
from bot.house_templates import house_templates
from bot.house_words import house_words, parsed, strange_words
from bot.models import LanguageModel
from bot.published import PublishedTexts
from bot.reading_model import ReadingModel
from bot.rendering import environment, environment_of
from bot.rules.linting import Lexicon
from bot.rules.policy import Policy, parse_policy
from bot.rules.reading import ReadingPacks
from bot.speech import ENGLISH, SPOKEN
from storage.files import NewFile

#: Languages we have words for, and those we can answer in.
READ = ("da", "nb", "nn", "sv", "en", "de", "fi")
ANSWERED = ("da", "nb", "nn", "sv", "en")
HOUSE_KEYS = (
    "name",
    "language",
    "desk_language",
    "country",
    "owner",
    "leads",
    "managers",
    "speaks",
    "authserv_ids",
    "forms",
    "attach",
    "plus_address",
)


@dataclass(frozen=True, slots=True)
class House:
    """Everything about the company that is not a customer or an order."""

    name: str
    #: The language used when nothing tells the customer's.
    language: str
    #: What colleagues read from us together, in the channel: en, da, nb or sv.
    desk_language: str
    #: ISO 3166 alpha-2.
    country: str
    #: Slack id of the person who answers owner-only messages; empty: the triage channel is told.
    owner: str
    leads: frozenset[str]
    managers: frozenset[str]
    #: Which languages a colleague answers in, by Slack id; who is not named answers in all.
    speaks: Mapping[str, frozenset[str]]
    #: Mail servers whose Authentication-Results are believed.
    authserv_ids: frozenset[str]
    #: Addresses and "@domains", lower case, of contact forms and marketplaces that write to us for a customer.
    forms: frozenset[str]
    #: Mail to hej+anything@ reaches hej@: answers to our mails may then come back with their token in the address.
    plus_address: bool
    policy: Policy
    packs: ReadingPacks
    lexicon: Lexicon
    #: What leads published in chat, over the house's files, over ours.
    templates: Environment = field(repr=False)
    #: The published texts in it: empty until somebody who knows the database fills them.
    published: PublishedTexts = field(repr=False)
    #: The house's files over ours.
    file_templates: Environment = field(repr=False)
    #: Those that came with Tillid alone: for a case on which the house's own letter breaks.
    our_templates: Environment = field(repr=False)
    languages: LanguageModel = field(repr=False)
    reader: ReadingModel = field(repr=False)
    #: Files that go along with a letter, by its name: reply/return_granted.
    attachments: Mapping[str, NewFile] = field(default_factory=dict, repr=False)
    #: The house's files that are left out, with line and reason: "templates/da/reply/declined.j2:12: ..."
    problems: tuple[str, ...] = ()


def open_house(folder: Path | None = None) -> House:
    """Read our defaults and what `folder` lays over them.

    Raises ConfigError, naming file and key, for house.yaml and policy.yaml; what is wrong with a template or a word
    list is in `problems`.
    """
    own = Path(str(files("bot")))
    if folder is not None and not folder.is_dir():
        raise ConfigError(f"TILLID_HOUSE: there is no folder {folder.name}; make one with `tillid init`")
    document = _yaml(folder / "house.yaml") if folder else {}
    unknown = sorted(set(document) - set(HOUSE_KEYS))
    if unknown:
        raise ConfigError(f"house.yaml: I do not know {', '.join(unknown)}; I know {', '.join(HOUSE_KEYS)}")
    policies = [_yaml(folder / "policy.yaml")] if folder else []
    packs, lexicon, word_problems = _words(own / "rules" / "packs", folder / "words" if folder else None)
    file_templates, problems = house_templates(own / "templates", folder / "templates" if folder else None)
    assert file_templates.loader is not None
    published = PublishedTexts(file_templates.loader)
    attachments, missing = house_attachments(document.get("attach") or {}, own / "templates", folder)
    return House(
        name=str(document.get("name") or "Tillid"),
        language=_language(document),
        desk_language=_desk_language(document),
        country=str(document.get("country") or "DK").upper(),
        owner=str(document.get("owner") or ""),
        leads=_ids(document, "leads"),
        managers=_ids(document, "managers"),
        speaks=_speaks(document),
        authserv_ids=_ids(document, "authserv_ids"),
        forms=frozenset(each.strip().lower() for each in _ids(document, "forms")),
        plus_address=_yes_or_no(document, "plus_address"),
        policy=parse_policy(_yaml(own / "rules" / "policy.yaml"), *policies),
        packs=packs,
        lexicon=lexicon,
        templates=environment_of(published),
        published=published,
        file_templates=file_templates,
        our_templates=environment(own / "templates"),
        languages=LanguageModel.load(),
        reader=_reader(),
        attachments=attachments,
        problems=(*map(str, (*problems, *missing)), *word_problems),
    )


@lru_cache(maxsize=1)
def _reader() -> ReadingModel:
    """The weights are the same for every house: one copy a process."""
    return ReadingModel.load()


def _words(own: Path, folder: Path | None) -> tuple[ReadingPacks, Lexicon, list[str]]:
    packs, misread = house_words("reading", READ, own, folder)
    lexicon, mislinted = house_words("linting", ANSWERED, own, folder)
    problems = sorted((*strange_words(own, folder), *misread, *mislinted))
    return packs, lexicon, [str(each) for each in problems]


def _yaml(path: Path) -> dict[str, Any]:
    """One YAML file that holds a mapping; a file that is not there is an empty one."""
    if not path.exists():
        return {}
    try:
        return parsed(path.name, path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{path.name}: cannot be read: {error}") from error


def _language(document: Mapping[str, Any]) -> str:
    language = str(document.get("language") or "da")
    if language not in ANSWERED:
        raise ConfigError(f"house.yaml: language must be one of {', '.join(ANSWERED)}")
    return language


def _desk_language(document: Mapping[str, Any]) -> str:
    language = str(document.get("desk_language") or ENGLISH)
    if language not in SPOKEN:
        raise ConfigError(f"house.yaml: desk_language must be one of {', '.join(SPOKEN)}")
    return language


def _speaks(document: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    value = document.get("speaks") or {}
    if not isinstance(value, dict):
        raise ConfigError("house.yaml: speaks must be Slack ids with their languages: U0123: [da, sv]")
    strange = sorted({str(each) for who in value for each in _ids(value, who)} - set(READ))
    if strange:
        raise ConfigError(f"house.yaml: speaks: I do not know {', '.join(strange)}; I know {', '.join(READ)}")
    return {str(who): _ids(value, who) for who in value}


def _yes_or_no(document: Mapping[str, Any], key: str) -> bool:
    value = document.get(key)
    if value is not None and not isinstance(value, bool):
        raise ConfigError(f"house.yaml: {key} must be true or false")
    return bool(value)


def _ids(document: Mapping[Any, Any], key: Any) -> frozenset[str]:
    value = document.get(key) or []
    if not isinstance(value, list):
        raise ConfigError(f"house.yaml: {key} must be a list")
    return frozenset(str(each) for each in value)
