"""Letters from templates: (template, language, context) -> subject and text.

A letter template renders to its subject, a line with `---`, and its text. The filter `paragraph` joins the
lines of a block, so that a template may hold one sentence a line.
"""

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.exceptions import TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from bot.errors import ConfigError

SUBJECT_END = "\n---\n"
#: What an expression in a template can raise beside Jinja's own errors.
_EXPRESSION_ERRORS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter ready to send: both plain text, `subject` one line, `text` without outer blank lines."""

    subject: str
    text: str


def environment(*folders: Path) -> Environment:
    """Templates from `folders`; the same file in an earlier folder wins, so the house folder comes first.

    Sandboxed, because a house's templates are not our code. A name the context does not hold is an error.
    Only names ending in `.html.j2` (or `.html`) are escaped: the rest is plain text.
    """
    env = SandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(folder) for folder in folders]),
        undefined=StrictUndefined,
        autoescape=_is_html,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["paragraph"] = _one_line
    return env


def render(env: Environment, template: str, language: str, context: Mapping[str, object]) -> Rendered:
    """The letter `template`, such as `reply/double_charge_granted`, in `language`.

    Line breaks and runs of spaces inside context values become one space, so no value can grow a header or a
    paragraph. Raises ConfigError, naming file and line, when the template is missing, broken or says nothing.
    """
    name = f"{language}/{template}.j2"
    values = {key: _one_line(value) if isinstance(value, str) else value for key, value in context.items()}
    try:
        output = _load(env, name).render(values)
    except TemplateError as error:
        raise ConfigError(f"{_place(error, name)}: {error.message or type(error).__name__}") from error
    except _EXPRESSION_ERRORS as error:
        raise ConfigError(f"{_place(error, name)}: {error}") from error
    subject, separator, text = output.partition(SUBJECT_END)
    rendered = Rendered(_one_line(subject), _tidied(text))
    if not separator or not rendered.subject or not rendered.text:
        raise ConfigError(f"{name}: a letter needs a subject, a line with --- and a text")
    return rendered


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith((".html.j2", ".html"))


def _load(env: Environment, name: str) -> Template:
    try:
        return env.get_template(name)
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: the file is not UTF-8, save it as UTF-8") from error


def _place(error: BaseException, name: str) -> str:
    """File and line of the innermost template frame; Jinja puts template lines into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or error.name or name}:{error.lineno}"
    if isinstance(error, TemplateNotFound) and error.name == name:
        return name
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else name


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentences(text: str) -> str:
    """One line, in which a sentence that ends in "499 kr." needs no second full stop."""
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", _one_line(text))


def _tidied(text: str) -> str:
    lines = "\n".join(map(_sentences, text.splitlines()))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
