"""Mailboxes that take no passwords: tokens from a token server, shared, renewed in time, and told when refused."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest
import pytest_asyncio
from aiohttp import web
from mailbox_scenes import Post, mail, reading, until
from scripted_imap import silence
from serving import serving
from structlog.testing import capture_logs

from bot.errors import TemporaryFailure
from bot.oauth_tokens import OAuthTokens, TokenRefused
from storage.tables import MailboxHealth, OutboxItem

pytestmark = pytest.mark.asyncio(loop_scope="module")
SECRET, REFRESH = "hunter2-secret", "hunter2-refresh"


class TokenServer:
    """Gives token-1, token-2 ... to whoever asks rightly, or what it is told to answer."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.life: Any = 3600
        self.refresh_token = REFRESH
        self.rotates = False
        self.answers: list[web.Response] = []
        self.waits = 0.0
        self.url = ""

    async def token(self, request: web.Request) -> web.Response:
        self.asked.append(form := dict(parse_qsl(await request.text())))
        await asyncio.sleep(self.waits)
        if self.answers:
            return self.answers.pop(0)
        if form.get("client_secret") != SECRET:
            return web.json_response({"error": "invalid_client"}, status=401)
        if form["grant_type"] == "refresh_token" and form["refresh_token"] != self.refresh_token:
            return web.json_response({"error": "invalid_grant"}, status=400)
        answer: dict[str, Any] = {"access_token": f"token-{len(self.asked)}", "expires_in": self.life}
        if self.rotates:
            self.refresh_token = answer["refresh_token"] = f"refresh-{len(self.asked)}"
        return web.json_response(answer)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest_asyncio.fixture(loop_scope="module")
async def server() -> AsyncIterator[TokenServer]:
    tokens = TokenServer()
    app = web.Application()
    app.router.add_post("/token", tokens.token)
    async with serving(app) as port:
        tokens.url = f"http://127.0.0.1:{port}/token"
        yield tokens


def source(
    server: TokenServer, clock: Clock | None = None, refresh: str = REFRESH, **more: Any
) -> OAuthTokens:
    return OAuthTokens(server.url, "tillid", SECRET, refresh, "mail.read", clock or Clock(), **more)


# ---- the source ---------------------------------------------------------------------------------------------


async def test_a_refresh_token_is_turned_into_a_token(server: TokenServer) -> None:
    assert await source(server).access_token() == "token-1"
    assert server.asked == [
        {
            "grant_type": "refresh_token",
            "refresh_token": REFRESH,
            "client_id": "tillid",
            "client_secret": SECRET,
            "scope": "mail.read",
        }
    ]


async def test_without_a_refresh_token_the_client_asks_in_its_own_name(server: TokenServer) -> None:
    assert await source(server, refresh="").access_token() == "token-1"
    assert server.asked[0]["grant_type"] == "client_credentials"
    assert "refresh_token" not in server.asked[0]


async def test_everybody_who_asks_at_once_gets_the_same_token(server: TokenServer) -> None:
    tokens = source(server)
    server.waits = 0.1
    given = await asyncio.gather(*(tokens.access_token() for _ in range(10)))
    assert set(given) == {"token-1"}
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("life", "still_good", "renewed"), [(3600, 54, 56), ("300", 3.9, 4.1), (None, 54, 56)]
)
async def test_a_token_is_renewed_before_it_ends(
    server: TokenServer, life: object, still_good: float, renewed: float
) -> None:
    clock, server.life = Clock(), life
    tokens = source(server, clock)
    begun = clock.now
    assert await tokens.access_token() == "token-1"
    clock.now = begun + timedelta(minutes=still_good)
    assert await tokens.access_token() == "token-1"
    clock.now = begun + timedelta(minutes=renewed)
    assert await tokens.access_token() == "token-2"


async def test_a_token_that_could_not_be_renewed_early_is_used_until_it_ends(server: TokenServer) -> None:
    clock = Clock()
    tokens = source(server, clock)
    assert await tokens.access_token() == "token-1"
    server.answers = [web.Response(status=503), web.Response(status=503)]
    clock.now += timedelta(minutes=57)
    assert await tokens.access_token() == "token-1"
    clock.now += timedelta(minutes=4)
    with pytest.raises(TemporaryFailure, match=r"gave no token \(503\)"):
        await tokens.access_token()
    assert await tokens.access_token() == "token-4"


async def test_a_refresh_token_that_is_replaced_at_each_use_is_followed(server: TokenServer) -> None:
    server.rotates = True
    tokens = source(server)
    for number in (1, 2, 3):
        assert await tokens.access_token() == f"token-{number}"
        tokens.forget(f"token-{number}")


async def test_forgetting_an_older_token_does_not_cost_the_newer_one(server: TokenServer) -> None:
    tokens = source(server)
    first = await tokens.access_token()
    tokens.forget(first)
    second = await tokens.access_token()
    tokens.forget(first)
    assert await tokens.access_token() == second


ELSEWHERE = {"Location": "http://127.0.0.1:9/steal"}


@pytest.mark.parametrize(
    ("answer", "refused", "words"),
    [
        (
            {"status": 400, "text": '{"error": "invalid_grant", "x": "hunter2-refresh"}'},
            True,
            "invalid_grant",
        ),
        ({"status": 401, "text": "hunter2-secret is wrong"}, True, "401"),
        ({"status": 400, "text": '{"error": "Bad hunter2-secret!"}'}, True, "400"),
        ({"status": 500, "text": "hunter2-secret"}, False, "500"),
        ({"status": 200, "text": "not json hunter2-secret"}, False, "gave no token"),
        ({"status": 200, "text": '{"access_token": 7}'}, False, "gave no token"),
        ({"status": 200, "text": "[]"}, False, "gave no token"),
        ({"status": 302, "headers": ELSEWHERE}, False, r"gave no token \(302\)"),
    ],
)
async def test_an_answer_without_a_token_is_told_without_any_secret(
    server: TokenServer, answer: dict[str, Any], refused: bool, words: str
) -> None:
    server.answers = [web.Response(**answer)]
    with pytest.raises(TemporaryFailure, match=words) as caught:
        await source(server).access_token()
    assert isinstance(caught.value, TokenRefused) is refused
    assert "hunter2" not in str(caught.value)
    assert len(server.asked) == 1


async def test_a_token_server_that_is_silent_or_away_is_told(server: TokenServer) -> None:
    server.waits = 5
    with pytest.raises(TemporaryFailure, match="does not answer"):
        await source(server, deadline=0.2).access_token()
    away = OAuthTokens("http://127.0.0.1:9/token", "tillid", SECRET, REFRESH, "", Clock())
    with pytest.raises(TemporaryFailure, match="does not answer") as caught:
        await away.access_token()
    assert "hunter2" not in str(caught.value)


# ---- a mailbox that takes tokens ------------------------------------------------------------------------------


def bare(post: Post) -> str:
    return f"imap://hej%40lampehuset.example@127.0.0.1:{post.server.port}/INBOX"


async def test_a_mailbox_without_a_password_is_opened_with_a_token(
    scripted: Post, server: TokenServer
) -> None:
    scripted.server.tokens = {"token-1"}
    async with reading(scripted.mailbox(url=bare(scripted), tokens=source(server))):
        await scripted.until_met()
        await scripted.server.deliver(mail("a"))
        assert await scripted.until_stored(1) == ["a"]
    assert scripted.server.logins == ["user=hej@lampehuset.example\x01auth=Bearer token-1\x01\x01"]


async def test_a_token_that_has_ended_is_got_anew_once(scripted: Post, server: TokenServer) -> None:
    scripted.server.tokens = {"token-2"}
    with capture_logs() as logs:
        async with reading(scripted.mailbox(url=bare(scripted), tokens=source(server))):
            await scripted.until_met()
    assert [said.split("Bearer ")[1][:7] for said in scripted.server.logins] == ["token-1", "token-2"]
    assert not [each for each in logs if each["event"] == "mailbox_unreachable"]


async def test_a_token_that_is_refused_again_is_told_once_with_the_reason(
    scripted: Post, server: TokenServer
) -> None:
    scripted.server.tokens = set()
    tokens, url = source(server), bare(scripted)
    alert_after = timedelta(seconds=0.3)
    async with reading(scripted.mailbox(url=url, tokens=tokens, alert_after=alert_after, first_wait=0.1)):

        async def told() -> bool:
            return bool(await scripted.rows(OutboxItem))

        await until(told)
        await asyncio.sleep(0.3)
    (alert,) = await scripted.rows(OutboxItem)
    assert alert.payload["reason"] == "the mailbox refused our token"
    (health,) = await scripted.rows(MailboxHealth)
    assert health.mailbox == "hej@lampehuset.example@127.0.0.1"
    # One refresh for each attempt, never a storm.
    assert len(server.asked) <= scripted.server.connections + 1


async def test_a_token_server_that_refuses_us_is_told_too(scripted: Post, server: TokenServer) -> None:
    alert_after = timedelta(seconds=0.1)
    wrong = source(server, refresh="wrong")
    async with reading(
        scripted.mailbox(url=bare(scripted), tokens=wrong, alert_after=alert_after, first_wait=0.05)
    ):

        async def told() -> bool:
            return bool(await scripted.rows(OutboxItem))

        await until(told)
    (alert,) = await scripted.rows(OutboxItem)
    assert alert.payload["reason"] == "the token server refused us (invalid_grant)"
    assert scripted.server.connections == 0


async def test_a_server_that_never_answers_a_token_is_left(scripted: Post, server: TokenServer) -> None:
    scripted.server.tokens = {"token-1", "token-2"}
    scripted.server.troubles["AUTHENTICATE"] = [silence]
    async with reading(
        scripted.mailbox(url=bare(scripted), tokens=source(server), deadline=0.3, first_wait=0.02)
    ):
        await scripted.until_met()
    assert len(server.asked) == 1
