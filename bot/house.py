"""The house: its name, its people's roles, its policy, its words and its templates, read from disk once at start.

Our own files are the default; a file of the same name in the house folder (`TILLID_HOUSE`) wins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment

from bot.errors import ConfigError
from bot.models import IntentModel, LanguageModel
from bot.rendering import environment
from bot.rules.linting import Lexicon, compile_lexicon
from bot.rules.policy import Policy, parse_policy
from bot.rules.reading import ReadingPacks, compile_packs

#: Languages we have words for, and those we can answer in.
READ = ("da", "nb", "nn", "sv", "en", "de", "fi")
ANSWERED = ("da", "nb", "nn", "sv", "en")
HOUSE_KEYS = ("name", "language", "country", "owner", "leads", "managers", "authserv_ids")


@dataclass(frozen=True, slots=True)
class House:
    """Everything about the company that is not a customer or an order."""

    name: str
    #: The language used when nothing tells the customer's.
    language: str
    #: ISO 3166 alpha-2.
    country: str
    #: Slack id of the person who answers owner-only messages; empty: the triage channel is told.
    owner: str
    leads: frozenset[str]
    managers: frozenset[str]
    #: Mail servers whose Authentication-Results are believed.
    authserv_ids: frozenset[str]
    policy: Policy
    packs: ReadingPacks
    lexicon: Lexicon
    templates: Environment = field(repr=False)
    languages: LanguageModel = field(repr=False)
    intents: IntentModel = field(repr=False)


def open_house(folder: Path | None = None) -> House:
    """Read our defaults and what `folder` lays over them. Raises ConfigError, naming file and key."""
    own = Path(str(files("bot")))
    if folder is not None and not folder.is_dir():
        raise ConfigError(f"TILLID_HOUSE: there is no folder {folder.name}; make one with `tillid init`")
    document = _yaml(folder / "house.yaml") if folder else {}
    unknown = sorted(set(document) - set(HOUSE_KEYS))
    if unknown:
        raise ConfigError(f"house.yaml: I do not know {', '.join(unknown)}; I know {', '.join(HOUSE_KEYS)}")
    policies = [_yaml(folder / "policy.yaml")] if folder else []
    folders = [folder / "templates"] if folder else []
    return House(
        name=str(document.get("name") or "Tillid"),
        language=_language(document),
        country=str(document.get("country") or "DK").upper(),
        owner=str(document.get("owner") or ""),
        leads=_ids(document, "leads"),
        managers=_ids(document, "managers"),
        authserv_ids=_ids(document, "authserv_ids"),
        policy=parse_policy(_yaml(own / "rules" / "policy.yaml"), *policies),
        packs=_words("reading", own, folder, READ),
        lexicon=_words("linting", own, folder, ANSWERED),
        templates=environment(*folders, own / "templates"),
        languages=LanguageModel.load(),
        intents=IntentModel.load(),
    )


def _words(kind: str, own: Path, folder: Path | None, languages: tuple[str, ...]) -> Any:
    texts = []
    for language in languages:
        name = Path(language) / f"{kind}.yaml"
        theirs = folder / "words" / name if folder else None
        path = theirs if theirs and theirs.exists() else own / "rules" / "packs" / name
        texts.append((language, path.read_text(encoding="utf-8") if path.exists() else ""))
    return _compiled(kind, tuple(texts))


@lru_cache(maxsize=8)
def _compiled(kind: str, texts: tuple[tuple[str, str], ...]) -> Any:
    """Word lists ready for use. Reading them is most of a start; the same words are read once a process."""
    packs = {language: _parsed(f"{language}/{kind}.yaml", text) for language, text in texts if text}
    try:
        return compile_packs(packs) if kind == "reading" else compile_lexicon(packs)
    except ValueError as error:
        raise ConfigError(f"words: {error}") from error


def _yaml(path: Path) -> dict[str, Any]:
    """One YAML file that holds a mapping; a file that is not there is an empty one."""
    if not path.exists():
        return {}
    try:
        return _parsed(path.name, path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{path.name}: cannot be read: {error}") from error


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        document = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  # both are safe
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: cannot be read: {error}") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise ConfigError(f"{name}: must be `key: value` lines")
    return document


def _language(document: Mapping[str, Any]) -> str:
    language = str(document.get("language") or "da")
    if language not in ANSWERED:
        raise ConfigError(f"house.yaml: language must be one of {', '.join(ANSWERED)}")
    return language


def _ids(document: Mapping[str, Any], key: str) -> frozenset[str]:
    value = document.get(key) or []
    if not isinstance(value, list):
        raise ConfigError(f"house.yaml: {key} must be a list")
    return frozenset(str(each) for each in value)
