"""Letters from templates: (template, language, context) -> subject and text.

A letter template renders to its subject, a line with `---`, and its text. The filter `paragraph` joins the
lines of a block, so that a template may hold one sentence a line.
"""

import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.loaders import FunctionLoader

from bot.errors import ConfigError
from bot.speech import say
from bot.template_language import TemplateLanguage

SUBJECT_END = "\n---\n"
#: What an expression in a template can raise beside Jinja's own errors; the last two, one nested too deep.
_EXPRESSION_ERRORS = (
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
    SyntaxError,
    MemoryError,
)


class BrokenTemplate(ConfigError):
    """A letter cannot be written. The message names file and line, as do the fields."""

    def __init__(self, place: str, line: int, reason: str) -> None:
        super().__init__(f"{place}:{line}: {reason}" if line else f"{place}: {reason}")
        self.place = place
        #: 0 where the error is in no line.
        self.line = line
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter ready to send: both plain text, `subject` one line, `text` without outer blank lines."""

    subject: str
    text: str


def environment(*folders: Path, texts: Mapping[str, str] | None = None) -> Environment:
    """Templates from `texts`, by name, and then from `folders`; the same name in an earlier one wins.

    `texts` are the house's, and errors call them `templates/<name>`. Sandboxed, because a house's templates are not
    our code. A name the context does not hold is an error. Only names ending in `.html.j2` (or `.html`) are escaped:
    the rest is plain text.
    """
    theirs = texts or {}
    loaders: list[BaseLoader] = [*map(FileSystemLoader, folders)]
    if theirs:
        # It cannot say which templates there are: where there is none, ours can be listed.
        found = FunctionLoader(
            lambda name: (theirs[name], f"templates/{name}", _still) if name in theirs else None
        )
        loaders.insert(0, found)
    return environment_of(ChoiceLoader(loaders))


def environment_of(loader: BaseLoader) -> Environment:
    """The same sandbox, with templates from elsewhere."""
    env = TemplateLanguage(
        loader=loader,
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
    paragraph. Raises BrokenTemplate, a ConfigError, when the template is missing, broken or says nothing.
    """
    name = f"{language}/{template}.j2"
    values = {key: _one_line(value) if isinstance(value, str) else value for key, value in context.items()}
    try:
        letter = env.get_template(name)
        output = letter.render(values)
    except UnicodeDecodeError as error:
        raise BrokenTemplate(name, 0, "the file is not UTF-8, save it as UTF-8") from error
    except TemplateError as error:
        raise BrokenTemplate(*place(error, name), error.message or type(error).__name__) from error
    except _EXPRESSION_ERRORS as error:
        raise BrokenTemplate(*place(error, name), str(error) or type(error).__name__) from error
    subject, separator, text = output.partition(SUBJECT_END)
    rendered = Rendered(_one_line(subject), _tidied(text))
    if not separator or not rendered.subject or not rendered.text:
        raise BrokenTemplate(
            letter.filename or name, 1, say("a letter needs a subject, a line with --- and a text")
        )
    return rendered


def _still() -> bool:
    """What was read at start stays as it was tried."""
    return True


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith((".html.j2", ".html"))


def place(error: BaseException, name: str) -> tuple[str, int]:
    """File and line of the innermost template frame; Jinja puts template lines into the traceback."""
    if isinstance(error, TemplateSyntaxError):
        return error.filename or error.name or name, error.lineno
    if isinstance(error, TemplateNotFound) and error.name == name:
        return name, 0
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    return (frames[-1].filename, frames[-1].lineno or 0) if frames else (name, 0)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _sentences(text: str) -> str:
    """One line, in which a sentence that ends in "499 kr." needs no second full stop."""
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", _one_line(text))


def _tidied(text: str) -> str:
    lines = "\n".join(map(_sentences, text.splitlines()))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
