"""The shop's order service: asked for one customer's orders or for one number, when a message comes in."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from bot.signatures import SIGNATURE, TIMESTAMP, signature

#: Seconds for a question in all, its second try included: a customer's card waits.
DEADLINE = 3.0
TRIES = 2
#: After so many failures in a row it is left alone for a while.
MOST_FAILURES = 3
REST = timedelta(minutes=1)
MOST_BYTES = 5_000_000
NOTHING = b"[]"


class OrdersUnavailable(Exception):
    """The service did not answer, or not with what was asked for; the text names no customer."""


class OrderService:
    """GET `url`?email=... or ?number=..., signed over "<timestamp>.<query>" where there is a secret."""

    def __init__(
        self, url: str, secret: str, clock: Callable[[], datetime], deadline: float = DEADLINE
    ) -> None:
        self._url = url
        self._secret = secret
        self._clock = clock
        self._deadline = deadline
        self._failures = 0
        self._rests_until = clock()

    async def ask(self, name: str, value: str) -> bytes:
        """The service's JSON. `name` is email or number. Raises OrdersUnavailable."""
        if self._failures >= MOST_FAILURES and self._clock() < self._rests_until:
            raise OrdersUnavailable("left alone for a minute")
        try:
            async with asyncio.timeout(self._deadline):
                body = await self._try(urlencode({name: value}))
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            self.failed()
            raise OrdersUnavailable(type(error).__name__) from None
        self._failures = 0
        return body

    def failed(self) -> None:
        """It did not answer, or with what nobody can read."""
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            self._rests_until = self._clock() + REST

    async def _try(self, query: str) -> bytes:
        for attempt in range(1, TRIES + 1):
            try:
                return await self._get(query)
            except (aiohttp.ClientError, OSError) as error:
                refused = isinstance(error, aiohttp.ClientResponseError) and error.status < 500
                if attempt == TRIES or refused:
                    raise
        raise AssertionError  # the last attempt returns or raises

    async def _get(self, query: str) -> bytes:
        separator = "&" if "?" in self._url else "?"
        # Already encoded, so that what is asked is letter for letter what was signed.
        url = URL(f"{self._url}{separator}{query}", encoded=True)
        headers = self._headers(url.raw_query_string)
        async with (
            aiohttp.ClientSession() as web,
            # A redirect would carry the customer's address to somebody else.
            web.get(url, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status in (204, 404):
                return NOTHING
            if answer.status != 200:
                raise aiohttp.ClientResponseError(answer.request_info, (), status=answer.status)
            body = bytearray()
            async for piece in answer.content.iter_any():
                body += piece
                if len(body) > MOST_BYTES:
                    raise aiohttp.ClientPayloadError("too much")
            return bytes(body)

    def _headers(self, query: str) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self._secret:
            timestamp = str(int(self._clock().timestamp()))
            headers |= {TIMESTAMP: timestamp, SIGNATURE: signature(self._secret, timestamp, query.encode())}
        return headers
