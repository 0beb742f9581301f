"""The mail side's parts, as the settings want them: where tokens come from, and what happens to a copy of each mail."""

from collections.abc import Callable
from datetime import datetime

from bot.imap.place import place_of
from bot.imap.sent import save_sent, wants_sent_copy
from bot.oauth_tokens import OAuthTokens
from bot.outbound.mail import Keep
from bot.settings import Settings


def mail_tokens(settings: Settings, clock: Callable[[], datetime]) -> OAuthTokens | None:
    """For servers that take no password. One source for all: some token servers take back what they gave before."""
    if not settings.tillid_oauth_token_url:
        return None
    return OAuthTokens(
        settings.tillid_oauth_token_url,
        settings.tillid_oauth_client_id,
        settings.tillid_oauth_client_secret,
        settings.tillid_oauth_refresh_token,
        settings.tillid_oauth_scope,
        clock,
    )


def copy_keeper(settings: Settings, tokens: OAuthTokens | None) -> Keep | None:
    """Lays what went out into the Sent folder of the mailbox it belongs to; of the first one where it has none."""
    every = {place_of(url).name: url for url in settings.tillid_imap_url.split()}
    wanting = {name: url for name, url in every.items() if wants_sent_copy(settings.tillid_save_sent, url)}

    async def keep(raw: bytes, message_id: str, mailbox: str) -> None:
        name = mailbox if mailbox in every else next(iter(every))
        if name in wanting:
            await save_sent(wanting[name], tokens, raw, message_id)

    return keep if wanting else None
