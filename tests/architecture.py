"""The checks behind test_architecture: each takes a source tree and returns what breaks the rule."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

LONGEST_FUNCTION = 50
LONGEST_FILE = 300
#: What a rule may never touch: clocks, disks, the network, chance.
FORBIDDEN_MODULES = {
    "time", "random", "secrets", "os", "pathlib", "io", "socket", "ssl", "urllib", "http", "asyncio", "subprocess",
    "threading", "shutil", "tempfile", "uuid",
}  # fmt: skip
CLOCKS = {"now", "utcnow", "today"}
#: What talks to the outside when it is called: nothing of it inside a function that holds a Session.
OUTSIDE = {
    "sleep",
    "connect",
    "chat_postMessage",
    "chat_update",
    "views_open",
    "to_thread",
    "create_task",
    "run",
}


def sources(tree: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Our own Python files with their syntax."""
    for path in sorted([*tree.glob("bot/**/*.py"), *tree.glob("storage/**/*.py")]):
        if "versions" not in path.parts:
            yield path.relative_to(tree), ast.parse(path.read_text(encoding="utf-8"))


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function in a module, inner ones too."""
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def takes_session(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a parameter is a Session."""
    every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    names = [ast.unparse(each.annotation) for each in every if each.annotation is not None]
    return any(name.strip("'\"").split(".")[-1] == "Session" for name in names)


def colour_violations(tree: Path) -> list[str]:
    """A function with a Session is `def` and talks to nothing else; what is async takes no Session."""
    found = []
    for path, module in sources(tree):
        for function in functions(module) if _knows_our_session(module) else ():
            if not takes_session(function):
                continue
            if isinstance(function, ast.AsyncFunctionDef):
                found.append(f"{path}:{function.lineno} {function.name} is async and takes a Session")
            found += [
                f"{path}:{call.lineno} {function.name} holds a Session and calls {_called(call)}"
                for call in ast.walk(function)
                if isinstance(call, ast.Call) and _called(call) in OUTSIDE
            ]
    return found


def _knows_our_session(module: ast.Module) -> bool:
    """Whether the module's `Session` is the database's, and not that of a mail server."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module in ("sqlmodel", "sqlalchemy.orm")
        and any(alias.name == "Session" for alias in node.names)
        for node in ast.walk(module)
    )


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def clock_violations(tree: Path) -> list[str]:
    """Rules see no clock, no disk, no network and no chance."""
    found = []
    for path, module in sources(tree):
        if not str(path).startswith("bot/rules"):
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and _called(node) in {*CLOCKS, "open"}:
                found.append(f"{path}:{node.lineno} calls {_called(node)}()")
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            found += [
                f"{path}:{node.lineno} imports {name}"
                for name in names
                if name.split(".")[0] in FORBIDDEN_MODULES
            ]
    return found


def size_violations(tree: Path) -> list[str]:
    """No function above 50 lines, no file above 300."""
    found = []
    for path, module in sources(tree):
        lines = len((tree / path).read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_FILE:
            found.append(f"{path} has {lines} lines")
        found += [
            f"{path}:{each.lineno} {each.name} has {length} lines"
            for each in functions(module)
            if (length := (each.end_lineno or 0) - each.lineno + 1) > LONGEST_FUNCTION
        ]
    return found


def broad_excepts(tree: Path) -> list[str]:
    """Every `except Exception` and bare `except`."""
    return [
        f"{path}:{node.lineno}"
        for path, module in sources(tree)
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and not any(isinstance(each, ast.Raise) and each.exc is None for each in ast.walk(node))
    ]


def broken_arrows(tree: Path) -> list[str]:
    """The contracts of import-linter that are broken in a tree."""
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as run; run()",
        "--no-cache",
    ]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, env={"PYTHONPATH": str(tree)})
    broken = [line for line in done.stdout.splitlines() if line.rstrip().endswith("BROKEN")]
    if done.returncode and not broken:
        raise AssertionError(done.stdout + done.stderr)
    return broken
