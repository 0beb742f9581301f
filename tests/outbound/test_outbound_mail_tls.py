"""A mail server that cannot show a certificate for its own name gets neither password nor mail."""

import asyncio
import shutil
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from outgoing_items import clock, letter

from bot.errors import TemporaryFailure
from bot.outbound.mail import MailSender


class Keeper:
    """Keeps the mails and the passwords it is shown."""

    def __init__(self, password: bytes = b"secret") -> None:
        self.mails: list[bytes] = []
        self.shown: list[bytes] = []
        self._password = password

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.mails.append(bytes(envelope.original_content or b""))
        return "250 2.0.0 accepted"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: object
    ) -> AuthResult:
        self.shown.append(given.password)  # type: ignore[attr-defined]  # aiosmtpd's LoginPassword
        right = self.shown[-1] == self._password
        return AuthResult(success=right, handled=right)


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for `name` that nobody has signed, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("makes its certificates with openssl")
    shown, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(key), "-out", str(shown), "-days", "2", "-subj", "/CN=mail"),
            *("-addext", f"subjectAltName={name}"),
        ],
        check=True,
        capture_output=True,
    )
    return shown, key


@asynccontextmanager
async def listening(keeper: Keeper, files: tuple[Path, Path], *, tls_at_once: bool) -> AsyncIterator[int]:
    """A mail server with this certificate; its port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*files)
    offered = None if tls_at_once else context

    def session() -> SMTP:
        return SMTP(
            keeper,
            hostname="mail.invalid",
            tls_context=offered,
            authenticator=keeper.authenticate,
            auth_require_tls=not tls_at_once,
        )

    outer = context if tls_at_once else None
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0, ssl=outer)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


def url(port: int, *, tls_at_once: bool, password: str = "secret") -> str:
    return f"{'smtps' if tls_at_once else 'smtp'}://hej%40lampehuset.example:{password}@127.0.0.1:{port}"


@pytest.mark.parametrize("tls_at_once", [True, False])
async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path, tls_at_once: bool) -> None:
    keeper = Keeper()
    async with listening(keeper, certificate(tmp_path, "IP:127.0.0.1"), tls_at_once=tls_at_once) as port:
        send = MailSender(url(port, tls_at_once=tls_at_once), clock, deadline=5)
        with pytest.raises(TemporaryFailure, match="no connection"):
            await send(letter())
        with pytest.raises(TemporaryFailure, match="no connection"):
            await send.try_out()
    assert (keeper.mails, keeper.shown) == ([], [])


@pytest.mark.parametrize("tls_at_once", [True, False])
async def test_a_certificate_for_another_name_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls_at_once: bool
) -> None:
    files = certificate(tmp_path, "DNS:another.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    keeper = Keeper()
    async with listening(keeper, files, tls_at_once=tls_at_once) as port:
        with pytest.raises(TemporaryFailure, match="no connection"):
            await MailSender(url(port, tls_at_once=tls_at_once), clock, deadline=5)(letter())
    assert (keeper.mails, keeper.shown) == ([], [])


@pytest.mark.parametrize("tls_at_once", [True, False])
async def test_a_server_with_its_own_certificate_gets_the_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls_at_once: bool
) -> None:
    files = certificate(tmp_path, "IP:127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    keeper = Keeper()
    async with listening(keeper, files, tls_at_once=tls_at_once) as port:
        await MailSender(url(port, tls_at_once=tls_at_once), clock, deadline=5)(letter())
    assert len(keeper.mails) == 1
    assert keeper.shown == [b"secret"]


async def test_a_wrong_password_is_named_and_tried_again_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = certificate(tmp_path, "IP:127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
    keeper = Keeper()
    async with listening(keeper, files, tls_at_once=True) as port:
        send = MailSender(url(port, tls_at_once=True, password="wrong"), clock, deadline=5)
        with pytest.raises(TemporaryFailure, match="refused our password") as caught:
            await send(letter())
    assert "wrong" not in str(caught.value)
    assert keeper.mails == []
