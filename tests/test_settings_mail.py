"""Settings of the mail side that only make sense together, and never show a secret when they do not."""

import pytest

from bot.errors import ConfigError
from bot.settings import load

BARE = "imaps://hej%40example.dk@outlook.office365.com:993/INBOX"
TOKENS = {
    "TILLID_OAUTH_TOKEN_URL": "https://login.example/token",
    "TILLID_OAUTH_CLIENT_ID": "tillid",
    "TILLID_OAUTH_CLIENT_SECRET": "hunter2",
    "TILLID_OAUTH_REFRESH_TOKEN": "hunter2",
}
MAIL = {
    "TILLID_IMAP_URL": BARE,
    "TILLID_SMTP_URL": "smtp://hej%40example.dk@smtp.office365.com:587",
    "TILLID_MAIL_FROM": "Lampehuset <hej@example.dk>",
}


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """No variable and no file of this machine."""
    monkeypatch.chdir(str(tmp_path))
    for name in (*TOKENS, *MAIL, "TILLID_OAUTH_SCOPE"):
        monkeypatch.delenv(name, raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_a_mailbox_and_a_server_without_passwords_are_opened_with_tokens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given(monkeypatch, **MAIL, **TOKENS)
    assert load().tillid_imap_url == BARE


def test_several_mailboxes_may_each_have_their_own_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    both = f"{BARE} imaps://info%40example.dk:secret@mail.example.dk:993/INBOX"
    given(monkeypatch, **(MAIL | {"TILLID_IMAP_URL": both}), **TOKENS)
    assert len(load().tillid_imap_url.split()) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"TILLID_OAUTH_TOKEN_URL": ""},
            "TILLID_IMAP_URL: a user without a password needs TILLID_OAUTH_TOKEN_URL",
        ),
        ({"TILLID_OAUTH_CLIENT_ID": ""}, "TILLID_OAUTH_CLIENT_ID: the token server must know who asks"),
        ({"TILLID_OAUTH_TOKEN_URL": "http://login.example/token"}, "with https://"),
        ({"TILLID_OAUTH_TOKEN_URL": "login.example"}, "with https://"),
        ({"TILLID_OAUTH_TOKEN_URL": "https://"}, "with https://"),
        ({"TILLID_MAIL_ALERT_MINUTES": "0"}, "TILLID_MAIL_ALERT_MINUTES"),
        ({"TILLID_SAVE_SENT": "sometimes"}, "TILLID_SAVE_SENT"),
    ],
)
def test_what_does_not_go_together_is_named(
    monkeypatch: pytest.MonkeyPatch, change: dict[str, str], words: str
) -> None:
    given(monkeypatch, **(MAIL | TOKENS | change))
    with pytest.raises(ConfigError) as caught:
        load()
    assert words in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_mail_server_without_a_user_needs_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch,
        **(
            MAIL | {"TILLID_IMAP_URL": "imap://a:b@127.0.0.1/INBOX", "TILLID_SMTP_URL": "smtp://127.0.0.1:25"}
        ),
    )
    assert load().tillid_oauth_token_url == ""
