"""Access tokens for mail servers that take no passwords (OAuth 2, RFC 6749). One source serves reading and sending."""

import asyncio
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import aiohttp

from bot.errors import TemporaryFailure
from bot.speech import say_to_all

#: Seconds for the token server's answer.
DEADLINE = 20.0
#: A token is replaced this long before it ends, or in the last fifth of a short life.
EARLY = timedelta(minutes=5)
#: What a token lives when its server does not say.
USUAL_LIFE = timedelta(hours=1)
#: An error's name (RFC 6749, 5.2); anything else the server says may hold what nobody should see.
_ERROR_NAME = re.compile(r"[a-z_]{3,40}")
REFUSED = range(400, 500)


class Tokens(Protocol):
    """Where tokens come from."""

    async def access_token(self) -> str:
        """One that is good now. Raises TemporaryFailure with the reason."""

    def forget(self, token: str) -> None:
        """A server has refused this one: the next is a new one."""


class TokenRefused(TemporaryFailure):
    """The token server said no to us: somebody must give it another secret or consent."""


class OAuthTokens:
    """Gets tokens with a refresh token, or without one in the client's own name, and keeps the last one."""

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        scope: str,
        clock: Callable[[], datetime],
        deadline: float = DEADLINE,
    ) -> None:
        self._url = token_url
        self._client = {"client_id": client_id, "client_secret": client_secret, "scope": scope}
        self._refresh_token = refresh_token
        self._clock = clock
        self._deadline = deadline
        self._token = ""
        self._renew_at = self._ends_at = clock()
        self._asking = asyncio.Lock()

    async def access_token(self) -> str:
        """One that is good now, asked for once however many wait for it.

        Raises TemporaryFailure, which never holds a secret, when there is none to be had.
        """
        async with self._asking:
            if self._token and self._clock() < self._renew_at:
                return self._token
            try:
                self._keep(await self._ask())
            except TemporaryFailure:
                # It was only to be renewed early: the one we have is good for a while yet.
                if not self._token or self._clock() >= self._ends_at:
                    raise
            return self._token

    def forget(self, token: str) -> None:
        """A server has refused this one: the next is a new one."""
        if token == self._token:
            self._token = ""

    async def _ask(self) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=self._deadline)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as web,
                # A redirect would carry the secret to somebody else.
                web.post(self._url, data=self._form(), allow_redirects=False) as answer,
            ):
                said = await _json(answer)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise TemporaryFailure(
                say_to_all("the token server does not answer ({error})", error=type(error).__name__)
            ) from None
        if answer.status in REFUSED:
            raise TokenRefused(
                say_to_all("the token server refused us ({error})", error=_error_name(said) or answer.status)
            )
        if answer.status != 200 or not isinstance(said.get("access_token"), str) or not said["access_token"]:
            raise TemporaryFailure(
                say_to_all("the token server gave no token ({status})", status=answer.status)
            )
        return said

    def _form(self) -> dict[str, str]:
        form = {name: value for name, value in self._client.items() if value}
        if self._refresh_token:
            return form | {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        return form | {"grant_type": "client_credentials"}

    def _keep(self, said: dict[str, Any]) -> None:
        self._token = said["access_token"]
        if isinstance(said.get("refresh_token"), str) and said["refresh_token"]:
            # Some servers replace it at each use; ours in the settings stays good for the next start.
            self._refresh_token = said["refresh_token"]
        life = _seconds(said.get("expires_in"))
        now = self._clock()
        self._ends_at = now + life
        self._renew_at = now + life - min(EARLY, life / 5)


async def _json(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        said = await answer.json(content_type=None)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _error_name(said: dict[str, Any]) -> str:
    name = said.get("error")
    return name if isinstance(name, str) and _ERROR_NAME.fullmatch(name) else ""


def _seconds(life: object) -> timedelta:
    try:
        seconds = int(str(life))
    except ValueError:
        return USUAL_LIFE
    return timedelta(seconds=seconds) if 0 < seconds < 10**7 else USUAL_LIFE
