"""What a template may say: its variables, texts, numbers, conditions and short loops, and nothing else.

A house's templates are not our code. Whatever one says, rendering it ends soon: loops, calls and inclusions are
counted, texts have a greatest length, and only what is listed here can be called. Refusals are SecurityErrors.
"""

import string
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, cast

from jinja2 import Template, nodes, pass_context
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from bot.speech import say

#: Rounds of loops, calls and inclusions in one letter; ours need at most a few hundred.
STEPS = 5_000
#: Characters of a text, items of a list.
LONGEST = 20_000
_LARGEST_FACTOR = 10**9
_LONGEST_RANGE = 100
_TEXT_METHODS = frozenset(
    "capitalize endswith find lower lstrip rstrip split startswith strip title upper".split()
)
_MAPPING_METHODS = frozenset("get items keys values".split())
_PLAIN_FILTERS = (
    "upper lower capitalize title trim first last length count default d select reject list int round"
)
#: Filters no template can name: they carry the bounds into loops and into `~`.
_COUNTED, _ONE_TEXT = "counted rounds", "one text"

_steps: ContextVar[Iterator[int] | None] = ContextVar("steps", default=None)


class _BoundedTemplate(Template):
    """A template whose rendering has so many steps and no more."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        token = _steps.set(iter(range(STEPS)))
        try:
            return super().render(*args, **kwargs)
        finally:
            _steps.reset(token)


class _Bounds(NodeTransformer):
    """Makes every loop count its rounds and every `~` look at the length of what it makes."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802  # Jinja looks the method up by the node
        self.generic_visit(node)
        node.iter = _filtered(node.iter, _COUNTED)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802  # Jinja looks it up by the node
        self.generic_visit(node)
        return _filtered(nodes.List(node.nodes, lineno=node.lineno), _ONE_TEXT)


def _filtered(node: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(cast(nodes.Expr, node), name, [], [], None, None, lineno=node.lineno)


class _BoundedCode(CodeGenerator):
    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802  # Jinja looks it up by the node
        _Bounds().visit(node)
        node.set_environment(self.environment)
        super().visit_Template(node, frame)


class TemplateLanguage(SandboxedEnvironment):
    """The sandbox that templates are compiled and rendered in."""

    template_class = _BoundedTemplate
    code_generator_class = _BoundedCode
    intercepted_binops = frozenset({"+", "*", "/", "//", "%", "**"})

    def __init__(self, **options: Any) -> None:
        super().__init__(finalize=_shown, **options)
        self.globals = {"range": _short_range, "namespace": Namespace}
        self.filters = {name: FILTERS[name] for name in _PLAIN_FILTERS.split()}
        self.filters |= {_COUNTED: _counted, _ONE_TEXT: _one_text, "replace": _replaced, "join": _joined}

    @staticmethod
    def concat(parts: Iterable[Any]) -> str:
        """Whatever becomes one text goes through here: the letter, a block, what a macro says."""
        return _one_text(parts)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002  # as Jinja's
        if attr.startswith("_"):
            return False
        if isinstance(obj, str):
            return attr in _TEXT_METHODS
        if isinstance(obj, Mapping):
            return attr in _MAPPING_METHODS
        return isinstance(obj, LoopContext | TemplateModule | Namespace)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        wrapped = super().wrap_str_format(value)
        return wrapped and _short_format(value.__self__, wrapped)

    def call(__self, __context: Context, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805  # as Jinja's
        _step()
        return super().call(__context, __obj, *args, **kwargs)

    def get_template(self, *args: Any, **kwargs: Any) -> Template:
        _step()
        return super().get_template(*args, **kwargs)

    def select_template(self, *args: Any, **kwargs: Any) -> Template:
        _step()
        return super().select_template(*args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "+":
            if isinstance(left, str | list | tuple) and isinstance(right, str | list | tuple):
                _refuse_long(len(left) + len(right))
        elif operator == "**" or not (_is_small(left) and _is_small(right)):
            raise SecurityError(
                say("`{operator}` is for small numbers only, and ** is not for letters", operator=operator)
            )
        return super().call_binop(context, operator, left, right)


def _step() -> None:
    steps = _steps.get()
    if steps is not None and next(steps, None) is None:
        raise SecurityError(
            say("this takes more than {number} steps: is there a loop without an end?", number=STEPS)
        )


def _refuse_long(length: int) -> None:
    if length > LONGEST:
        raise SecurityError(say("this makes a text or a list longer than {number}", number=LONGEST))


def _is_small(value: object) -> bool:
    # What is undefined raises its own, better error.
    return isinstance(value, Undefined) or (
        isinstance(value, int | float) and -_LARGEST_FACTOR <= value <= _LARGEST_FACTOR
    )


def _shown(value: Any) -> Any:
    """What may stand in a letter: a text or a number. "True" or a list is a slip of the pen."""
    if isinstance(value, str | Undefined | int | float) and not isinstance(value, bool):
        return value
    raise SecurityError(
        say("a letter can show texts and numbers, and this is a {kind}", kind=type(value).__name__)
    )


def _one_text(parts: Iterable[Any]) -> str:
    texts = []
    length = 0
    for part in parts:
        text = str(_shown(part))
        length += len(text)
        _refuse_long(length)
        texts.append(text)
    return "".join(texts)


def _joined(parts: Iterable[Any], between: str = "") -> str:
    texts: list[Any] = []
    for part in parts:
        texts += [between, part] if texts else [part]
        _refuse_long(len(texts))
    return _one_text(texts)


@pass_context
def _counted(_context: Context, rounds: Iterable[Any]) -> Iterator[Any]:
    # The context keeps Jinja from working this out while it compiles.
    for each in rounds:
        _step()
        yield each


def _replaced(text: Any, old: str, new: Any, count: int = -1) -> str:
    whole, put = str(_shown(text)), str(_shown(new))
    _refuse_long(len(whole) + whole.count(old) * len(put))
    return whole.replace(old, put, count)


def _short_range(*limits: int) -> range:
    found = range(*limits)
    if found[_LONGEST_RANGE:]:
        raise SecurityError(say("range is for at most {number} numbers", number=_LONGEST_RANGE))
    return found


def _short_format(pattern: str, wrapped: Callable[..., str]) -> Callable[..., str]:
    """`"{a} {b}".format(...)` of texts and numbers; a width such as {a:9999999} is refused."""

    def filled(*args: Any, **kwargs: Any) -> str:
        fields = [each for each in string.Formatter().parse(pattern) if each[1] is not None]
        if any(spec or conversion for _, _, spec, conversion in fields):
            raise SecurityError(say("format takes plain {names} only"))
        longest = max((len(str(_shown(each))) for each in (*args, *kwargs.values())), default=0)
        _refuse_long(len(pattern) + len(fields) * longest)
        return wrapped(*args, **kwargs)

    return filled
