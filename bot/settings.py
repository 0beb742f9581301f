"""Every variable the program reads, its unit and its default. A wrong one stops the start, by name."""

import os
from collections.abc import Mapping
from datetime import date
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import ConfigError
from bot.mail.identities import identities

Part = Literal["slack", "mail", "clock", "deliver"]
PARTS: tuple[Part, ...] = ("slack", "mail", "clock", "deliver")
#: Each of these may also be given as NAME_FILE, a file that holds the value.
SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "DATABASE_URL",
    "TILLID_IMAP_URL",
    "TILLID_SMTP_URL",
    "TILLID_OAUTH_CLIENT_SECRET",
    "TILLID_OAUTH_REFRESH_TOKEN",
    "TILLID_ORDERS_SECRET",
)


#: The way out of a wrong TILLID_MAIL_FROM.
MAIL_FROM = "write it as Lampehuset <hej@example.dk>, and several with ; between them"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Settings(BaseSettings):
    """The settings, read from the environment and `.env`. Names here are the environment's, in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    slack_bot_token: str = ""
    slack_app_token: str = ""
    slack_signing_secret: str = ""
    database_url: str = "sqlite:///tillid.db"
    tillid_slack_api_url: str = "https://slack.com/api/"
    #: Several, separated by spaces: imaps://user:password@host:993/INBOX
    tillid_imap_url: str = ""
    #: The first contact with a mailbox takes mail from this day on; empty: from now on.
    tillid_imap_since: date | None = None
    #: smtps://user:password@host:465, or smtp://host:587 (STARTTLS where offered)
    tillid_smtp_url: str = ""
    #: What customers see: Lampehuset <hej@example.dk>; several with ; between them, the first by default
    tillid_mail_from: str = ""
    #: Mailboxes and mail servers whose URL has a user and no password are opened with a token (XOAUTH2) got here.
    tillid_oauth_token_url: str = ""
    tillid_oauth_client_id: str = ""
    tillid_oauth_client_secret: str = ""
    #: Empty: the client asks in its own name (client credentials).
    tillid_oauth_refresh_token: str = ""
    tillid_oauth_scope: str = ""
    #: Whether what we send is laid into the mailbox's Sent folder; auto: unless the server does so itself.
    tillid_save_sent: Literal["auto", "yes", "no"] = "auto"
    #: Minutes without a successful look into a mailbox until the triage channel is told.
    tillid_mail_alert_minutes: float = Field(default=15.0, gt=0, le=1440)
    tillid_house: Path | None = None
    tillid_triage_channel: str = ""
    tillid_operators_channel: str = ""
    tillid_public_url: str = ""
    #: 0 takes any free port.
    tillid_http_port: int = Field(default=8080, ge=0, le=65535)
    tillid_mode: Literal["live", "shadow"] = "live"
    #: Asked for orders that we do not know: ?email=... or ?number=...
    tillid_orders_url: str = ""
    #: What questions to that address and deliveries to /orders are signed with; empty: none is taken.
    tillid_orders_secret: str = ""
    #: Seconds between two looks at a mailbox.
    tillid_poll_seconds: float = Field(default=15.0, gt=0, le=3600)
    #: Seconds between two ticks of the clock.
    tillid_tick_seconds: float = Field(default=5.0, gt=0, le=600)
    tillid_log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("tillid_imap_since", "tillid_house", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return (value.strip() or None) if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _database_url(cls, value: str) -> str:
        parts = _parts(value)
        if parts is None or parts.scheme.partition("+")[0] not in ("sqlite", "postgresql", "postgres"):
            raise ValueError("write it as sqlite:///tillid.db or postgresql://user:password@host/database")
        return value

    @field_validator("tillid_imap_url")
    @classmethod
    def _imap_urls(cls, value: str) -> str:
        for url in value.split():
            parts = _parts(url)
            if (
                parts is None
                or parts.scheme not in ("imap", "imaps")
                or not (parts.hostname and parts.username)
            ):
                raise ValueError("write it as imaps://user:password@host:993/INBOX")
        return value

    @field_validator("tillid_smtp_url")
    @classmethod
    def _smtp_url(cls, value: str) -> str:
        parts = _parts(value)
        if value and (parts is None or parts.scheme not in ("smtp", "smtps") or not parts.hostname):
            raise ValueError("write it as smtps://user:password@host:465")
        return value

    @field_validator("tillid_oauth_token_url")
    @classmethod
    def _token_url(cls, value: str) -> str:
        parts = _parts(value)
        secure = parts is not None and (parts.scheme == "https" or parts.hostname in LOOPBACK)
        if value and not (parts and parts.hostname and secure and parts.scheme in ("http", "https")):
            raise ValueError("write the whole address of the token server, with https://")
        return value

    @field_validator("tillid_orders_url")
    @classmethod
    def _orders_url(cls, value: str) -> str:
        parts = _parts(value)
        if value and not (
            parts and parts.hostname and parts.scheme in ("http", "https") and not parts.fragment
        ):
            raise ValueError("write the whole address of the shop's order service, with https://")
        return value

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _slack_tokens(cls, value: str, info: ValidationInfo) -> str:
        wanted = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        if value and not value.startswith(wanted):
            raise ValueError(f"starts with {wanted}; copy it again from the app's settings")
        return value

    @field_validator("tillid_mail_from")
    @classmethod
    def _mail_from(cls, value: str) -> str:
        if value.strip() and not identities(value):
            raise ValueError(MAIL_FROM)
        for each in identities(value):
            if "@" not in parseaddr(each)[1]:
                raise ValueError(MAIL_FROM)
        return value

    @model_validator(mode="after")
    def _belong_together(self) -> "Settings":
        if self.slack_bot_token and not self.tillid_triage_channel:
            raise ValueError("TILLID_TRIAGE_CHANNEL: give the id of the private channel for the cards (C...)")
        if self.tillid_imap_url and not (self.tillid_smtp_url and self.tillid_mail_from):
            raise ValueError("TILLID_SMTP_URL and TILLID_MAIL_FROM: needed to answer mail")
        if self.tillid_oauth_token_url and not self.tillid_oauth_client_id:
            raise ValueError("TILLID_OAUTH_CLIENT_ID: the token server must know who asks")
        for name in ("tillid_imap_url", "tillid_smtp_url"):
            bare = [url for url in getattr(self, name).split() if _is_bare(url)]
            if bare and not self.tillid_oauth_token_url:
                raise ValueError(f"{name.upper()}: a user without a password needs TILLID_OAUTH_TOKEN_URL")
        return self

    @property
    def operators_channel(self) -> str:
        """Where operators are told; the triage channel unless another is named."""
        return self.tillid_operators_channel or self.tillid_triage_channel


def _is_bare(url: str) -> bool:
    """A user and no password: it is opened with a token."""
    parts = urlsplit(url)
    return bool(parts.username) and not parts.password


def _parts(url: str) -> SplitResult | None:
    """The URL taken apart; None where it cannot be. The reason is left out: it would show the password."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for what is no port
    except ValueError:
        return None
    return parts


def load(**given: Any) -> Settings:
    """The settings. Raises ConfigError with the variable's name and the remedy."""
    try:
        return Settings(**_secret_files(os.environ), **given)
    except ValidationError as error:
        lines = [_explain(each) for each in error.errors()]
        raise ConfigError("\n".join(lines)) from None


def _secret_files(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in SECRETS:
        path = environment.get(f"{name}_FILE")
        if not path:
            continue
        try:
            found[name.lower()] = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigError(f"{name}_FILE: cannot read the file it names ({error.strerror})") from None
        except UnicodeDecodeError:
            raise ConfigError(f"{name}_FILE: the file it names is not text in UTF-8") from None
    return found


def _explain(error: Mapping[str, Any]) -> str:
    reason = str(error["msg"]).removeprefix("Value error, ")
    place = error["loc"]
    # The value itself is never shown: it may be a secret.
    return f"{str(place[0]).upper()}: {reason}" if place else reason
