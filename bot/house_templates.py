"""The house's own letters, each tried before a customer can get one."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from jinja2 import Environment, meta, nodes
from jinja2.exceptions import TemplateError, TemplateNotFound

from bot.house_files import Problem, read_files
from bot.rendering import BrokenTemplate, environment, place, render
from bot.rules.decisions import INTENTS

#: Every name a letter may use, with a value each; bot/templates/README.md says what they are.
EXAMPLE: dict[str, object] = {
    "name": "Mette",
    "agent": "Anna Holm",
    "house": "Lampehuset",
    "channel": "email",
    "first": True,
    "noun": "lampen",
    "order_number": "10432",
    "amount": "499 kr.",
    "shipping_amount": "49 kr.",
    "offer_amount": "50 kr.",
    "release": False,
    "by_date": "26. november",
    "answer_by": "28. november",
    "delivery_date": "27. november",
    "sent_on": "24. november",
    "wish": "",
    "also": ("address_change", "refund_status"),
    "customer_type": "",
    "feeling": 0,
    "second_time": False,
    "our_fault": True,
    "question_key": "other",
    "asked": True,
    "reason": "storm",
    "what": "internettet",
    "since": "24. november kl. 9.12",
    "until": "24. november kl. 14.00",
    "bill_amount": "349 kr.",
    "old_amount": "299 kr.",
    "due_date": "1. december",
}
_EMPTY = {key: type(value)() for key, value in EXAMPLE.items() if not isinstance(value, int)}
#: What a letter may meet: each is laid over the example.
_SURROUNDINGS: tuple[Mapping[str, object], ...] = (
    {},
    {
        **_EMPTY,
        "answer_by": EXAMPLE["answer_by"],
        "question_key": "other",
        "first": False,
        "our_fault": False,
    },
    {"customer_type": "doer", "wish": "replacement", "feeling": 2, "second_time": True, "release": True},
    {
        "customer_type": "thinker",
        "wish": "refund",
        "feeling": 1,
        "our_fault": False,
        "also": (),
        "asked": False,
    },
    {"customer_type": "feeler", "channel": "slack", "first": False, "name": "", "delivery_date": ""},
)
#: The two letters in which everything a message may ask for is tried.
_WITH_EVERY_INTENT = ("reply/ask_open", "reply/refund_granted")
#: Errors of Jinja's reader that are not its own: a file nested too deep.
_UNREADABLE = (TemplateError, RecursionError, SyntaxError, MemoryError, ValueError)


def house_templates(own: Path, folder: Path | None) -> tuple[Environment, tuple[Problem, ...]]:
    """Our templates with those of the house over them that work; and the others, which are left out.

    A file is left out alone: ours takes its place.
    """
    ours = frozenset(path.relative_to(own).as_posix() for path in own.glob("*/*/*.j2"))
    texts, problems = read_files(folder, ours, "no letter has this name") if folder else ({}, ())
    found = list(problems)
    while True:
        env = environment(own, texts=texts)
        broken = _broken(env, own, texts, ours)
        if not broken:
            return env, tuple(sorted(found))
        found += broken.values()
        texts = {name: text for name, text in texts.items() if name not in broken}


def problem_of(env: Environment, name: str, text: str) -> Problem | None:
    """Why no customer should get the letter `name`, such as da/reply/declined.j2, which in `env` is `text`.

    The place is that of the error, which may lie in a file that the letter shares.
    """
    if problem := _unreadable(env, name, text) or _strange(env, name, text):
        return problem
    fault = _fault(env, name)
    return Problem(fault.place, fault.line, fault.reason) if fault else None


def _broken(
    env: Environment, own: Path, texts: Mapping[str, str], ours: frozenset[str]
) -> dict[str, Problem]:
    """The first problem of each file that has one."""
    for look in (_unreadable, _strange):
        if seen := {name: problem for name in texts if (problem := look(env, name, texts[name]))}:
            return seen
    found: dict[str, Problem] = {}
    for name in _letters(texts, ours):
        fault = _fault(env, name)
        if fault is not None:
            for problem in _blamed(fault, name, own, texts):
                found.setdefault(problem.file.removeprefix("templates/"), problem)
    return found


def _letters(texts: Mapping[str, str], ours: frozenset[str]) -> Iterator[str]:
    """The house's letters; all of a language where a file that they share is the house's."""
    shared = {name.partition("/")[0] for name in texts if _is_shared(name)}
    for name in sorted(ours):
        if not _is_shared(name) and (name in texts or name.partition("/")[0] in shared):
            yield name


def _is_shared(name: str) -> bool:
    return name.rpartition("/")[2].startswith("_")


def _unreadable(env: Environment, name: str, _text: str) -> Problem | None:
    """A file that does not compile."""
    file = f"templates/{name}"
    try:
        env.get_template(name)
    except _UNREADABLE as error:
        return Problem(
            *place(error, file), getattr(error, "message", None) or str(error) or type(error).__name__
        )
    return None


def _strange(env: Environment, name: str, text: str) -> Problem | None:
    """A file that uses a name no letter is given, in whatever sentence."""
    file = f"templates/{name}"
    tree = env.parse(text, name, file)
    strange = meta.find_undeclared_variables(tree) - set(EXAMPLE) - _bound(env, tree)
    uses = sorted((node.lineno, node.name) for node in tree.find_all(nodes.Name) if node.name in strange)
    return Problem(file, uses[0][0], f"no letter is given {uses[0][1]!r}") if uses else None


def _bound(env: Environment, tree: nodes.Template, depth: int = 5) -> set[str]:
    """The names a template, or one that it extends, sets, imports or defines itself."""
    names = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
    names |= {node.name for node in tree.find_all(nodes.Macro)}
    names |= {node.target for node in tree.find_all(nodes.Import)}
    for node in tree.find_all(nodes.FromImport):
        names |= {each if isinstance(each, str) else each[1] for each in node.names}
    for extends in tree.find_all(nodes.Extends):
        parent = _source(env, extends) if depth else None
        if parent is not None:
            names |= _bound(env, env.parse(parent), depth - 1)
    return names


def _source(env: Environment, extends: nodes.Extends) -> str | None:
    if env.loader is None or not isinstance(extends.template, nodes.Const):
        return None
    try:
        return env.loader.get_source(env, str(extends.template.value))[0]
    except TemplateNotFound:
        return None  # rendering will say so


def _fault(env: Environment, name: str) -> BrokenTemplate | None:
    language, _, letter = name.removesuffix(".j2").partition("/")
    for context in _contexts(letter):
        try:
            render(env, letter, language, context)
        except BrokenTemplate as error:
            return error
    return None


def _contexts(letter: str) -> Iterator[dict[str, object]]:
    for surrounding in _SURROUNDINGS:
        yield {**EXAMPLE, **surrounding}
    if letter in _WITH_EVERY_INTENT:
        for intent in INTENTS:
            yield {**EXAMPLE, "question_key": intent, "also": (intent,)}


def _blamed(fault: BrokenTemplate, name: str, own: Path, texts: Mapping[str, str]) -> Iterator[Problem]:
    """The house's files to leave out: where it happened, else the letter, else what our letter has to share."""
    if fault.place.startswith("templates/") and fault.place.removeprefix("templates/") in texts:
        yield Problem(fault.place, fault.line, fault.reason)
        return
    reason = f"with it {name} cannot be written: {fault.reason}"
    shared = [each for each in texts if _is_shared(each) and each.partition("/")[0] == name.partition("/")[0]]
    alone = [each for each in shared if _fault(environment(own, texts={each: texts[each]}), name)]
    for each in [name] if name in texts else alone or shared:
        yield Problem(f"templates/{each}", 1 if each == name else 0, reason)
