"""The settings: a wrong one stops the start by its name and with its remedy, and never shows its value."""

import itertools
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.settings import SECRETS, Settings, load

ROOT = Path(__file__).parent.parent
GOOD = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "TILLID_TRIAGE_CHANNEL": "C1",
    "TILLID_IMAP_URL": "imaps://hej%40example.dk:p%2Fw@mail.example.dk:993/INBOX",
    "TILLID_SMTP_URL": "smtps://hej%40example.dk:p%2Fw@mail.example.dk:465",
    "TILLID_MAIL_FROM": "Lampehuset <hej@example.dk>",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting comes from the machine that runs the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)


def put(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def example() -> dict[str, str]:
    """The variables of .env.example with their values there."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


# ---- defaults -----------------------------------------------------------------------------------------------


def test_nothing_needs_to_be_set() -> None:
    settings = load()
    assert settings.database_url == "sqlite:///tillid.db"
    assert settings.tillid_slack_api_url == "https://slack.com/api/"
    assert (settings.tillid_mode, settings.tillid_log_level) == ("live", "INFO")
    assert (settings.tillid_http_port, settings.tillid_poll_seconds) == (8080, 15)
    assert settings.tillid_imap_since is None
    assert settings.tillid_house is None


def test_the_example_as_it_is_means_the_defaults(tmp_path: Path) -> None:
    before = load()
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert load() == before


def test_every_setting_is_in_the_example_and_nothing_else() -> None:
    assert list(map(str.lower, sorted(example()))) == sorted(Settings.model_fields)


def test_every_setting_of_the_example_says_what_it_is() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for before, line in itertools.pairwise(lines):
        if line and not line.startswith("#"):
            assert before.startswith("# "), line


def test_what_init_writes_is_the_example() -> None:
    shipped = (files("bot") / "commands" / "environment.txt").read_text(encoding="utf-8")
    assert shipped == (ROOT / ".env.example").read_text(encoding="utf-8")


def test_operators_are_told_in_the_triage_channel_unless_another_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put(monkeypatch, **GOOD)
    assert load().operators_channel == "C1"
    put(monkeypatch, TILLID_OPERATORS_CHANNEL="C2")
    assert load().operators_channel == "C2"


# ---- where values come from ---------------------------------------------------------------------------------


def test_a_file_of_settings_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("TILLID_MODE=shadow\nTILLID_HTTP_PORT=9000\n", encoding="utf-8")
    put(monkeypatch, TILLID_HTTP_PORT="9001")
    assert (load().tillid_mode, load().tillid_http_port) == ("shadow", 9001)


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    put(monkeypatch, **GOOD)
    value = {
        "TILLID_IMAP_URL": GOOD["TILLID_IMAP_URL"],
        "TILLID_SMTP_URL": GOOD["TILLID_SMTP_URL"],
        "DATABASE_URL": "sqlite:///elsewhere.db",
        "SLACK_BOT_TOKEN": "xoxb-secret",
        "SLACK_APP_TOKEN": "xapp-secret",
    }.get(name, "the-secret")
    (tmp_path / "secret").write_text(f"{value}\n", encoding="utf-8")
    monkeypatch.delenv(name, raising=False)
    put(monkeypatch, **{f"{name}_FILE": str(tmp_path / "secret")})
    assert getattr(load(), name.lower()) == value


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    put(monkeypatch, SLACK_BOT_TOKEN_FILE=str(tmp_path / "nowhere"))
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN_FILE: cannot read"):
        load()


def test_a_secret_file_that_is_no_text_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff\xfe\x00secret")
    put(monkeypatch, SLACK_BOT_TOKEN_FILE=str(tmp_path / "secret"))
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN_FILE"):
        load()


def test_a_secret_in_a_file_is_checked_like_any_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "secret").write_text("imaps://hunter2", encoding="utf-8")
    put(monkeypatch, TILLID_IMAP_URL_FILE=str(tmp_path / "secret"))
    with pytest.raises(ConfigError, match="TILLID_IMAP_URL: write it as imaps") as caught:
        load()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("value", ["", " "])
def test_an_empty_day_or_folder_is_none(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    put(monkeypatch, TILLID_IMAP_SINCE=value, TILLID_HOUSE=value)
    assert (load().tillid_imap_since, load().tillid_house) == (None, None)


def test_a_day_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, TILLID_IMAP_SINCE="2026-03-02")
    assert load().tillid_imap_since == date(2026, 3, 2)


# ---- wrong values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("TILLID_HTTP_PORT", "hunter2", "integer"),
        ("TILLID_HTTP_PORT", "70000", "65535"),
        ("TILLID_HTTP_PORT", "-1", "0"),
        ("TILLID_MODE", "hunter2", "'live' or 'shadow'"),
        ("TILLID_LOG_LEVEL", "hunter2", "'DEBUG', 'INFO'"),
        ("TILLID_POLL_SECONDS", "0", "greater than 0"),
        ("TILLID_TICK_SECONDS", "hunter2", "number"),
        ("TILLID_IMAP_SINCE", "hunter2", "date"),
        ("TILLID_IMAP_URL", "hunter2", "imaps://user:password@host:993/INBOX"),
        ("TILLID_IMAP_URL", "http://hunter2@mail.example.dk", "imaps://user:password@host:993/INBOX"),
        ("TILLID_IMAP_URL", "imaps://mail.example.dk", "imaps://user:password@host:993/INBOX"),
        ("TILLID_IMAP_URL", "imaps://hej:hunter2@mail.example.dk:many/INBOX", "imaps://user"),
        ("TILLID_IMAP_URL", "imaps://hej:hunter2/x@mail.example.dk", "imaps://user"),
        ("TILLID_IMAP_URL", "imaps://hej:hunter2[@mail.example.dk", "imaps://user"),
        ("TILLID_IMAP_URL", "imaps://hej:hunter2\u2100@mail.example.dk", "imaps://user"),
        ("TILLID_SMTP_URL", "mail.example.dk", "smtps://user:password@host:465"),
        ("TILLID_SMTP_URL", "smtps://hej:hunter2/x@mail.example.dk:465", "smtps://user:password@host:465"),
        ("TILLID_SMTP_URL", "smtps://hej:hunter2@mail.example.dk:99999", "smtps://user:password@host:465"),
        ("TILLID_SMTP_URL", "smtps://hej:hunter2\u2100@mail.example.dk", "smtps://user:password@host:465"),
        ("DATABASE_URL", "hunter2", "sqlite:///tillid.db"),
        ("DATABASE_URL", "mysql://hej:hunter2@db/tillid", "postgresql://user:password@host/database"),
        ("DATABASE_URL", "postgresql://hej:hunter2@db:many/tillid", "postgresql://user"),
    ],
)
def test_a_wrong_value_is_named_with_its_remedy_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    put(monkeypatch, **(GOOD | {name: value}))
    with pytest.raises(ConfigError) as caught:
        load()
    said = str(caught.value)
    assert said.startswith(f"{name}: ")
    assert remedy in said
    assert "hunter2" not in said
    assert "\n" not in said


def test_every_wrong_value_has_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, TILLID_MODE="x", TILLID_HTTP_PORT="y")
    with pytest.raises(ConfigError) as caught:
        load()
    assert sorted(line.split(":")[0] for line in str(caught.value).splitlines()) == [
        "TILLID_HTTP_PORT",
        "TILLID_MODE",
    ]


@pytest.mark.parametrize(
    ("left_out", "named"),
    [
        ("TILLID_TRIAGE_CHANNEL", "TILLID_TRIAGE_CHANNEL"),
        ("TILLID_SMTP_URL", "TILLID_SMTP_URL"),
        ("TILLID_MAIL_FROM", "TILLID_MAIL_FROM"),
    ],
)
def test_what_belongs_together_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, left_out: str, named: str
) -> None:
    put(monkeypatch, **{name: value for name, value in GOOD.items() if name != left_out})
    with pytest.raises(ConfigError, match=named):
        load()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///tillid.db",
        "sqlite:////var/lib/tillid.db",
        "postgresql://tillid:pw@db/tillid",
        "postgres://tillid:pw@db:5432/tillid",
        "postgresql+psycopg:///tillid?host=/run/postgresql",
    ],
)
def test_every_way_to_write_a_database_is_taken(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    put(monkeypatch, DATABASE_URL=url)
    assert load().database_url == url


def test_several_mailboxes_are_separated_by_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    both = f"{GOOD['TILLID_IMAP_URL']} imap://b:c@127.0.0.1:1143/INBOX"
    put(monkeypatch, **{**GOOD, "TILLID_IMAP_URL": both})
    assert len(load().tillid_imap_url.split()) == 2


def test_names_in_the_example_are_written_as_variables_are() -> None:
    assert all(re.fullmatch(r"[A-Z_]+", name) for name in example())
