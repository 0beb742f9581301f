"""Mail servers that take a token, a limited size, or give mails another id; and the copy in the Sent folder."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope, Session
from outgoing_items import clock, letter

from bot.errors import PermanentFailure, TemporaryFailure
from bot.outbound.mail import MailSender, other_id
from bot.sandbox.smtp_server import SmtpServer

SES = "0102018f3c5a7b1e-1f0e6c1d-55aa-4b1c-9c1e-0d1f2a3b4c5d-000000"


class Provider:
    """A mail server with its own ways."""

    def __init__(self, answer: str = "250 Ok", token: str = "") -> None:
        self.answer = answer
        self.token = token
        self.mails: list[bytes] = []
        self.options: list[str] = []
        self.shown: list[str] = []

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        self.options += options
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(bytes(envelope.original_content or b""))
        return self.answer

    async def auth_XOAUTH2(self, server: SMTP, arguments: list[str]) -> AuthResult:  # noqa: N802
        import base64

        said = base64.b64decode(arguments[1]).decode()
        self.shown.append(said)
        if said == f"user=hej@lampehuset.example\x01auth=Bearer {self.token}\x01\x01":
            return AuthResult(success=True, auth_data=b"hej")
        await server.push("535 5.7.8 token expired")
        return AuthResult(success=False, handled=True, auth_data=MISSING)


@asynccontextmanager
async def listening(provider: Provider, **options: object) -> AsyncIterator[int]:
    def session() -> SMTP:
        return SMTP(provider, hostname="mail.invalid", auth_require_tls=False, **options)

    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


class Given:
    """Tokens, in their order; one that is forgotten makes way for the next."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)

    async def access_token(self) -> str:
        if not self.tokens:
            raise TemporaryFailure("the token server does not answer")
        return self.tokens[0]

    def forget(self, token: str) -> None:
        if self.tokens[0] == token:
            self.tokens.pop(0)


def sender(port: int, *tokens: str) -> MailSender:
    url = f"smtp://hej%40lampehuset.example@127.0.0.1:{port}"
    return MailSender(url, clock, deadline=5, tokens=Given(*tokens))


async def test_a_server_without_a_password_is_opened_with_a_token() -> None:
    provider = Provider(token="good")
    async with listening(provider) as port:
        await sender(port, "good")(letter())
        await sender(port, "good").try_out()
    assert len(provider.mails) == 1
    assert len(provider.shown) == 2


async def test_a_token_that_is_refused_makes_way_for_a_new_one() -> None:
    provider = Provider(token="good")
    async with listening(provider) as port:
        send = sender(port, "old", "good")
        with pytest.raises(TemporaryFailure, match=r"refused our token \(535\)") as caught:
            await send(letter())
        assert "old" not in str(caught.value)
        await send(letter(attempt=2))
    assert len(provider.mails) == 1


async def test_a_token_server_that_is_away_means_later() -> None:
    async with listening(Provider(token="good")) as port:
        with pytest.raises(TemporaryFailure, match="token server does not answer"):
            await sender(port)(letter())


# ---- size -----------------------------------------------------------------------------------------------------


async def test_a_mail_larger_than_the_server_takes_is_refused_before_it_is_sent() -> None:
    provider = Provider()
    async with listening(provider, data_size_limit=500_000) as port:
        send = MailSender(f"smtp://127.0.0.1:{port}", clock, deadline=5)
        with pytest.raises(PermanentFailure, match=r"too large: 1\.\d MB, and the mail server takes 0\.5 MB"):
            await send(letter(text="x" * 600_000))
        assert provider.options == []
        await send(letter())
    assert provider.options[0].startswith("SIZE=")
    assert len(provider.mails) == 1


# ---- another id -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (f"Ok {SES}", SES),
        ("2.0.0 OK <abc@AM0PR08.prod.outlook.com> [Hostname=AM0PR08MB1]", "abc@AM0PR08.prod.outlook.com"),
        ("2.0.0 accepted", ""),
        ("2.0.0 Ok: queued as 4F2C01A0B3", ""),
        ("2.0.0 OK  1700000000 5b1f17b1804b1-40a - gsmtp", ""),
        ("OK id=1rABCD-000abc-1X", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_the_id_a_provider_gives_is_read_from_its_answer(answer: str, found: str) -> None:
    assert other_id(answer) == found


@pytest.mark.parametrize(
    ("answer", "kept"),
    [(f"250 Ok {SES}", SES), ("250 OK <t-1.2@lampehuset.example>", None), ("250 Ok", None)],
)
async def test_another_id_is_kept_with_the_receipt(answer: str, kept: str | None) -> None:
    async with listening(Provider(answer)) as port:
        receipt = await MailSender(f"smtp://127.0.0.1:{port}", clock, deadline=5)(letter())
    assert receipt["message_id"] == "t-1.2@lampehuset.example"
    assert receipt.get("other_id") == kept


# ---- the copy -------------------------------------------------------------------------------------------------


async def test_what_was_taken_is_kept_as_it_went() -> None:
    kept: asyncio.Queue[tuple[bytes, str, str]] = asyncio.Queue()

    async def keep(raw: bytes, message_id: str, mailbox: str) -> None:
        kept.put_nowait((raw, message_id, mailbox))

    async with SmtpServer() as server:
        await MailSender(server.url, clock, deadline=5, keep=keep)(letter(mailbox="hej@imap.example"))
        raw, message_id, mailbox = await asyncio.wait_for(kept.get(), 5)
    assert (message_id, mailbox) == ("t-1.2@lampehuset.example", "hej@imap.example")
    assert raw == server.mails[0].raw


async def test_a_copy_that_cannot_be_kept_sends_nothing_twice_and_holds_up_nothing() -> None:
    asked = asyncio.Event()
    never = asyncio.Event()

    async def broken(_raw: bytes, _message_id: str, _mailbox: str) -> None:
        asked.set()
        raise OSError("the disk is full")

    async def silent(_raw: bytes, _message_id: str, _mailbox: str) -> None:
        await never.wait()

    async with SmtpServer() as server:
        for keep in (broken, silent):
            receipt = await asyncio.wait_for(
                MailSender(server.url, clock, deadline=5, keep=keep)(letter()), 5
            )
            assert "accepted" in receipt["answer"]
        await asyncio.wait_for(asked.wait(), 5)
        never.set()
    assert len(server.mails) == 2


async def test_a_mail_that_was_refused_is_not_kept() -> None:
    kept: list[str] = []

    async def keep(_raw: bytes, message_id: str, _mailbox: str) -> None:
        kept.append(message_id)

    async with SmtpServer() as server:
        server.refuse_data("554 5.6.0 no")
        with pytest.raises(PermanentFailure):
            await MailSender(server.url, clock, deadline=5, keep=keep)(letter())
        await asyncio.sleep(0)
    assert kept == []
