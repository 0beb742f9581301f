"""The command line: what each command reads, writes and answers, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from test_imports import HEAD, row
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.errors import ConfigError
from bot.house import open_house
from bot.manifest import EVENTS, SCOPES
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
MAILS = ROOT / "tests" / "data" / "mail"
TWICE = "Jeg er blevet trukket 499 kr. to gange for ordre 10432. Hvad gør I?"
UNKIND = "Send et billede som bevis."


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A database of its own, and no other setting."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'tillid.db'}")


def tillid(*words: str | Path, stdin: str | bytes = "") -> Result:
    """Run a command in this process."""
    return CliRunner().invoke(cli, [str(each) for each in words], input=stdin)


def lines(result: Result) -> list[dict[str, Any]]:
    """The JSON lines on standard output."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def jsonl(*objects: object) -> str:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects)


# ---- suggest ------------------------------------------------------------------------------------------------


def test_suggest_answers_each_line_with_one() -> None:
    order = {"id": "10432", "currency": "DKK", "paid_minor": 99_800, "captures_minor": [49_900, 49_900]}
    result = tillid(
        "suggest", "--json", stdin=jsonl({"id": "a", "text": TWICE, "order": order}, {"id": 2, "text": "Tak"})
    )
    assert result.exit_code == 0
    first, second = lines(result)
    assert (first["id"], first["language"], first["intents"][0]["name"]) == ("a", "da", "double_charge")
    assert (first["remedy"]["amount_minor"], first["remedy"]["known"]) == (49_900, True)
    assert "499 kr." in first["reply"]["text"]
    assert second["id"] == 2
    assert set(first) == set(second)


def test_suggest_reads_a_file_and_a_dash_means_standard_input(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(jsonl({"text": TWICE}), encoding="utf-8")
    from_file = tillid("suggest", tmp_path / "in.jsonl", "--json")
    from_dash = tillid("suggest", "-", "--json", stdin=jsonl({"text": TWICE}))
    assert from_file.exit_code == from_dash.exit_code == 0
    assert lines(from_file)[0]["intents"] == lines(from_dash)[0]["intents"]


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "[]",
        "null",
        '"text"',
        "{}",
        '{"text": 5}',
        '{"text": null}',
        '{"text": "Hej", "order": "10432"}',
        '{"text": "Hej", "order": {"currency": "kroner"}}',
        '{"text": "Hej", "order": {"currency": "DKK", "captures_minor": ["499"]}}',
        '{"text": "Hej", "order": {"currency": "DKK", "items": [5]}}',
        '{"text": "Hej", "order": {"currency": "DKK", "delivery": "soon"}}',
        '{"text": "Hej", "customer": "Mette"}',
        '{"text": "Hej", "customer": {"strikes": [5]}}',
        '{"text": "Hej", "customer": {"strikes": ["soon"]}}',
        '{"text": "Hej", "customer": {"customer_since": 5}}',
        '{"text": "Hej", "customer": {"past_languages": "da"}}',
        '{"text": "Hej", "customer": {"open_cases": "many"}}',
        '{"text": "Hej", "agent": "Freja"}',
        '{"text": "Hej", "agent": {"role": "king"}}',
        '{"text": "Hej", "channel": "fax"}',
        '{"text": "Hej", "now": "soon"}',
        '{"text": "\\ud800"}',
        "[" * 100_000,
        "\udce5",
    ],
    ids=lambda bad: str(bad)[:60],
)
def test_a_bad_line_is_named_by_its_number_and_the_rest_is_done(bad: str) -> None:
    stdin = jsonl({"id": 1, "text": "Tak"}) + bad + "\n\n" + jsonl({"id": 4, "text": "Tak"})
    result = tillid("suggest", "--json", stdin=stdin.encode("utf-8", "surrogateescape"))
    assert result.exit_code == 2, result.exception
    assert [each["id"] for each in lines(result)] == [1, 4]
    assert result.stderr.startswith("line 2: ")


def test_suggest_for_people_shows_words_as_they_are() -> None:
    text = f"{TWICE} [/bold] [red]x[/nothing]"
    result = tillid("suggest", stdin=jsonl({"id": "[/b]", "text": text, "subject": "[/i]"}))
    assert result.exit_code == 0, result.exception
    assert "[/b]" in result.stdout
    assert "double_charge" in result.stdout
    assert "Rule: " in result.stdout


def test_a_file_that_is_not_there_is_one_line() -> None:
    result = tillid("suggest", "nowhere[/x].jsonl", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip() == "nowhere[/x].jsonl: No such file or directory"


def test_suggest_takes_the_words_of_a_house(tmp_path: Path) -> None:
    assert tillid("init", tmp_path / "house").exit_code == 0
    template = tmp_path / "house" / "templates" / "da" / "reply" / "double_charge_looking.j2"
    template.parent.mkdir(parents=True)
    template.write_text("Hej\n---\nVores egne ord.\n", encoding="utf-8")
    ours = tillid("suggest", "--json", "--house", tmp_path / "house", stdin=jsonl({"text": TWICE}))
    assert ours.exit_code == 0, ours.exception
    assert "Vores egne ord." in lines(ours)[0]["reply"]["text"]


# ---- lint ---------------------------------------------------------------------------------------------------


def test_lint_names_what_may_be_heard_as_distrust() -> None:
    text = f"Hej Mette. {UNKIND}"
    result = tillid(
        "lint", "--json", stdin=jsonl({"id": "a", "text": text}, {"id": "b", "text": "Tak, Mette."})
    )
    assert result.exit_code == 0
    first, second = lines(result)
    (finding,) = first["findings"]
    assert (finding["category"], finding["severity"]) == ("demands_proof", "high")
    assert text[finding["start"] : finding["end"]] == finding["text"]
    assert finding["why"] and finding["rewrite"]
    assert second == {"id": "b", "language": "da", "findings": []}


def test_lint_for_people_shows_the_kinder_words() -> None:
    result = tillid("lint", stdin=jsonl({"id": "[/b]", "text": UNKIND}, {"id": "[/i]", "text": "Tak"}))
    assert result.exit_code == 0, result.exception
    assert "Kinder:" in result.stdout
    assert "[/i]: no findings" in result.stdout


@pytest.mark.parametrize(
    "bad", ["x", "{}", '{"text": 5}', '{"text": "Hej", "language": "xx"}', '{"text": "Hej", "intent": 5}']
)
def test_lint_names_bad_lines_too_or_does_without(bad: str) -> None:
    result = tillid("lint", "--json", stdin=f"{bad}\n" + jsonl({"text": "Tak"}))
    assert result.exit_code in (0, 2), result.exception
    assert len(lines(result)) == (1 if result.exit_code else 2)


# ---- mail parse ---------------------------------------------------------------------------------------------


def test_mail_parse_says_how_a_mail_is_read() -> None:
    result = tillid("mail", "parse", "--json", MAILS / "da_gmail_reply.eml", MAILS / "bounce_failed.eml")
    assert result.exit_code == 0
    reply, bounce = lines(result)
    assert reply["file"] == str(MAILS / "da_gmail_reply.eml")
    assert reply["automatic"] is None
    assert isinstance(reply["text"], str) and len(reply["reply"]) < len(reply["text"])
    assert bounce["automatic"] == "bounce"
    assert bounce["bounce"]["recipients"][0]["permanent"] is True


def test_mail_parse_names_what_is_no_mail_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    good = MAILS / "da_gmail_reply.eml"
    result = tillid("mail", "parse", "--json", tmp_path / "empty.eml", tmp_path / "none.eml", good)
    assert result.exit_code == 2
    assert [each["file"] for each in lines(result)] == [str(good)]
    assert "empty.eml" in result.stderr and "none.eml" in result.stderr


def test_mail_parse_shows_any_mail_to_people(tmp_path: Path) -> None:
    raw = b"From: a@example.dk\r\nSubject: [/b] [red]\r\n\r\nHej [/i] [link=x]\r\n"
    (tmp_path / "odd.eml").write_bytes(raw)
    result = tillid("mail", "parse", tmp_path / "odd.eml", *sorted(MAILS.glob("*.eml")))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Hej [/i] [link=x]" in result.stdout


# ---- orders, stats, replay ----------------------------------------------------------------------------------


def orders_file(folder: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = folder / "orders.csv"
    path.write_text("\n".join([HEAD, *rows, ""]), encoding=encoding)
    return path


def test_orders_are_imported_and_twice_is_the_same(tmp_path: Path) -> None:
    path = orders_file(tmp_path, row("1"), row("2"))
    for _ in range(2):
        result = tillid("orders", "import", path)
        assert (result.exit_code, result.stdout) == (0, "2 orders taken, 0 bad lines\n")


def test_bad_orders_are_named_and_the_others_taken(tmp_path: Path) -> None:
    result = tillid("orders", "import", orders_file(tmp_path, row("1"), row("2", amount="[/b]"), row("3")))
    assert (result.exit_code, result.stdout) == (2, "2 orders taken, 1 bad lines\n")
    assert result.stderr.startswith("line 3: `amount` is '[/b]'")


def test_a_file_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    result = tillid(
        "orders", "import", orders_file(tmp_path, row("1", text="Blå lampe"), encoding="utf-8-sig")
    )
    assert (result.exit_code, result.stdout) == (0, "1 orders taken, 0 bad lines\n")


def test_a_file_in_an_old_encoding_is_read_and_told(tmp_path: Path) -> None:
    path = orders_file(tmp_path, row("1"), row("2", text="Blå lampe"), encoding="latin-1")
    result = tillid("orders", "import", path)
    assert (result.exit_code, result.stdout) == (0, "2 orders taken, 0 bad lines\n")
    assert "Windows-1252" in result.stderr


def test_orders_come_from_standard_input_too(tmp_path: Path) -> None:
    result = tillid("orders", "import", "-", stdin=orders_file(tmp_path, row("1")).read_bytes())
    assert (result.exit_code, result.stdout) == (0, "1 orders taken, 0 bad lines\n")


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_of_orders_that_cannot_be_opened_is_one_line(name: str) -> None:
    result = tillid("orders", "import", name)
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_file_of_something_else_says_which_columns_there_must_be(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    result = tillid("orders", "import", tmp_path / "a.csv")
    assert result.exit_code == 2
    assert "it must have order, email" in result.stderr


def test_stats_answers_in_words_and_in_json() -> None:
    spoken = tillid("stats", "refunds this week")
    assert spoken.exit_code == 0
    assert "Support this week" in spoken.stdout and "no data yet" in spoken.stdout
    told = tillid("stats", "refunds this week", "--json")
    (answer,) = lines(told)
    assert answer["lines"] == {"Refunds": "no data yet"}
    assert answer["figures"]["refunds"] == 0


def test_a_question_that_is_not_understood_gets_the_nearest() -> None:
    result = tillid("stats", "refnds [/b]")
    assert result.exit_code == 2
    assert "refunds this week" in result.stderr


def test_replay_with_nothing_in_quarantine() -> None:
    assert tillid("replay").stdout == "Nothing is in quarantine.\n"
    missing = tillid("replay", "7")
    assert (missing.exit_code, "7" in missing.stderr) == (1, True)


def test_migrate_makes_the_database_and_twice_is_the_same(tmp_path: Path) -> None:
    for _ in range(2):
        assert tillid("migrate").exit_code == 0
    assert (tmp_path / "tillid.db").exists()


# ---- manifest, init -----------------------------------------------------------------------------------------


def test_the_manifest_is_what_slack_takes() -> None:
    given = yaml.safe_load(tillid("manifest").stdout)
    assert given["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert given["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert given["settings"]["socket_mode_enabled"] is True
    (command,) = given["features"]["slash_commands"]
    assert (command["command"], "url" in command) == ("/tillid", False)
    assert "users:read.email" not in SCOPES


def test_the_manifest_for_http_names_the_address_everywhere() -> None:
    given = yaml.safe_load(tillid("manifest", "--http", "https://tillid.example.dk/").stdout)
    url = "https://tillid.example.dk/slack/events"
    assert given["settings"]["socket_mode_enabled"] is False
    assert given["settings"]["event_subscriptions"]["request_url"] == url
    assert given["settings"]["interactivity"]["request_url"] == url
    assert given["features"]["slash_commands"][0]["url"] == url


def test_init_writes_a_house_that_opens(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "house"
    result = tillid("init", folder)
    assert result.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == [
        ".env",
        "house.yaml",
        "policy.yaml",
        "templates",
        "words",
    ]
    assert open_house(folder).policy == open_house().policy
    assert open_house(folder).name == "Lampehuset"
    assert (folder / ".env").read_text(encoding="utf-8") == (ROOT / ".env.example").read_text(
        encoding="utf-8"
    )


def test_init_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "house.yaml").write_text("name: Mit hus\n", encoding="utf-8")
    result = tillid("init", tmp_path)
    assert result.exit_code == 1
    assert "house.yaml" in result.stdout and "nothing was changed" in result.stdout
    assert (tmp_path / "house.yaml").read_text(encoding="utf-8") == "name: Mit hus\n"
    assert not (tmp_path / "policy.yaml").exists()


def test_a_house_with_a_mistake_is_named(tmp_path: Path) -> None:
    tillid("init", tmp_path)
    (tmp_path / "house.yaml").write_text("nmae: Mit hus\n", encoding="utf-8")
    result = tillid("suggest", "--house", tmp_path, stdin=jsonl({"text": "Hej"}))
    assert isinstance(result.exception, ConfigError)
    assert "house.yaml: I do not know nmae" in str(result.exception)


# ---- check --------------------------------------------------------------------------------------------------


def test_check_with_nothing_set_up_is_well_and_says_what_is_not() -> None:
    result = tillid("check")
    assert result.exit_code == 0, result.stdout
    assert [line.split()[0] for line in result.stdout.splitlines()] == ["yes", "yes", "--", "--", "--"]
    assert result.stdout.count("not set up") == 3
    assert "DKK 2,000" in result.stdout


def test_check_names_every_trouble_and_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TILLID_HOUSE", str(tmp_path / "nowhere"))
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-hunter2")
    monkeypatch.setenv("TILLID_TRIAGE_CHANNEL", "C1")
    monkeypatch.setenv("TILLID_SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("TILLID_IMAP_URL", "imap://hej:hunter2@127.0.0.1:9/INBOX")
    monkeypatch.setenv("TILLID_SMTP_URL", "smtp://hej:hunter2@127.0.0.1:9")
    monkeypatch.setenv("TILLID_MAIL_FROM", "hej@example.dk")
    result = tillid("check")
    assert result.exit_code == 1, result.exception
    said = [" ".join(line.split()[:3]) for line in result.stdout.splitlines()]
    assert [each for each in said if each.startswith(("yes", "no"))] == [
        "no House: TILLID_HOUSE:",
        *[each for each in said if "Database" in each],
        *[each for each in said if "Slack" in each],
        *[each for each in said if "Mail in" in each],
        *[each for each in said if "Mail out" in each],
    ]
    assert sum(each.startswith("no") for each in said) == 4
    assert "hunter2" not in result.output


def test_check_stops_at_a_wrong_setting_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILLID_MODE", "hunter2")
    result = tillid("check")
    assert result.exit_code == 1
    assert result.stdout.split()[:2] == ["no", "TILLID_MODE:"]
    assert "hunter2" not in result.output


# ---- the real script ----------------------------------------------------------------------------------------


def script(*words: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    """Run the program as an operator does."""
    program = Path(sys.executable).with_name("tillid")
    return subprocess.run(
        [program, *words], input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_script_says_what_it_can() -> None:
    result = script("--help")
    assert result.returncode == 0
    for word in (
        "run",
        "demo",
        "sandbox",
        "suggest",
        "lint",
        "stats",
        "check",
        "manifest",
        "init",
        "migrate",
    ):
        assert word in result.stdout


@pytest.mark.parametrize("word", ["run", "stats", "migrate", "replay"])
def test_a_wrong_setting_is_said_by_name_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    monkeypatch.setenv("TILLID_HTTP_PORT", "hunter2")
    result = script(word)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("TILLID_HTTP_PORT: ")
    assert "Traceback" not in result.stderr
    assert "hunter2" not in result.stderr


@pytest.mark.parametrize(
    "url", ["postgresql://hej:hunter2@127.0.0.1:9/tillid", "sqlite:////dev/null/tillid.db"]
)
def test_a_database_that_is_not_there_is_said_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    result = script("stats")
    assert (result.returncode, result.stdout) == (1, "")
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("DATABASE_URL: ")
    assert "hunter2" not in result.stderr


def test_an_unknown_part_is_named() -> None:
    result = script("run", "--only", "slack,fax")
    assert result.returncode == 2
    assert "fax" in result.stderr and "Traceback" not in result.stderr


def test_the_script_reads_what_is_piped_into_it() -> None:
    result = script("lint", "--json", stdin=jsonl({"text": UNKIND}))
    assert result.returncode == 0
    assert json.loads(result.stdout)["findings"][0]["category"] == "demands_proof"
