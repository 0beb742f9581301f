"""Old mail replayed: nothing is sent, the real answer stands beside the suggestion, and the summary counts."""

import asyncio
import json
import mailbox
from pathlib import Path

import pytest
from scenes import OURS, mail
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.sandbox.mail_servers import MailServers

QUESTION = mail(
    "I har trukket 499 kr. to gange for ordre 10432.",
    message_id="<q@example.dk>",
    Date="Mon, 02 Mar 2026 09:00:00 +0100",
)
ANSWER = mail(
    "Hej Mette, det ser vi på.",
    sender=f"Lampehuset <{OURS}>",
    message_id="<a@lampehuset.example>",
    answers="q@example.dk",
    Date="Mon, 02 Mar 2026 10:00:00 +0100",
)
ABSENT = mail("Jeg er væk.", subject="Autosvar", Auto_Submitted="auto-replied", message_id="<x@example.dk>")


def lines(*arguments: str) -> list[dict[str, object]]:
    done = CliRunner().invoke(cli, ["backtest", *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.output.splitlines() if line.startswith("{")]


def folder(path: Path) -> str:
    for number, raw in enumerate((QUESTION, ANSWER, ABSENT)):
        (path / f"{number}.eml").write_bytes(raw)
    return str(path)


def mbox(path: Path) -> str:
    box = mailbox.mbox(path / "old.mbox")
    for raw in (QUESTION, ANSWER, ABSENT):
        box.add(raw)
    box.close()
    return str(path / "old.mbox")


def maildir(path: Path) -> str:
    box = mailbox.Maildir(path / "box")
    for raw in (QUESTION, ANSWER, ABSENT):
        box.add(raw)
    return str(path / "box")


@pytest.mark.parametrize("kind", [folder, mbox, maildir])
def test_a_real_answer_stands_beside_the_suggestion(kind: object, tmp_path: Path) -> None:
    assert callable(kind)
    replayed, last = lines(kind(tmp_path), "--ours", OURS)
    assert "det ser vi på" in str(replayed["answer"])
    suggestion = replayed["suggestion"]
    assert isinstance(suggestion, dict)
    assert suggestion["intents"][0]["name"] == "double_charge"
    summary = last["summary"]
    assert isinstance(summary, dict)
    assert (summary["customers"], summary["automatic"], summary["answered"]) == (1, 1, 1)


def test_our_own_address_is_guessed(tmp_path: Path) -> None:
    assert lines(folder(tmp_path))[-1]["summary"]["customers"] == 1  # type: ignore[index]


async def test_a_mailbox_is_read_and_left_as_it_was() -> None:
    async with MailServers() as servers:
        await servers.deliver(QUESTION)
        found = await asyncio.to_thread(lines, servers.imap_url)
        again = await asyncio.to_thread(lines, servers.imap_url)
        assert servers.mails == []
    assert found[-1]["summary"]["customers"] == again[-1]["summary"]["customers"] == 1  # type: ignore[index]


def test_the_human_answer_ends_with_what_a_manager_can_act_on(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["backtest", folder(tmp_path)])
    assert "With a suggestion" in done.output
    assert "Left unsure" in done.output
