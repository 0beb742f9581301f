"""The command line as the tests use it: in this process, or the script that an operator starts."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from bot.__main__ import cli

UNKIND = "Send et billede som bevis."


def tillid(*words: str | Path, stdin: str | bytes = "") -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, [str(each) for each in words], input=stdin)


def lines(result: Result) -> list[dict[str, Any]]:
    """The JSON lines on standard output."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def jsonl(*objects: object) -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)


def script(*words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the program as an operator does."""
    program = Path(sys.executable).with_name("tillid")
    return subprocess.run(
        [program, *words], input=stdin, capture_output=True, text=True, timeout=60, check=False
    )
