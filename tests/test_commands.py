"""Commands that set the program up, and the real script: what each writes and answers, and how it ends."""

import json
from pathlib import Path

import pytest
import yaml
from command_line import UNKIND, jsonl, script, tillid

from bot.errors import ConfigError
from bot.house import open_house
from bot.manifest import EVENTS, SCOPES

pytestmark = pytest.mark.usefixtures("own_settings")
ROOT = Path(__file__).parent.parent


# ---- manifest, init -----------------------------------------------------------------------------------------


def test_the_manifest_is_what_slack_takes() -> None:
    given = yaml.safe_load(tillid("manifest").stdout)
    assert given["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert given["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert given["settings"]["socket_mode_enabled"] is True
    (command,) = given["features"]["slash_commands"]
    assert (command["command"], "url" in command) == ("/tillid", False)


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
