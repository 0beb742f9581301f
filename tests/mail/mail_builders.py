"""Raw mails for the tests: the samples on disk, and small ones built around one header or one body."""

from pathlib import Path

SAMPLES = Path(__file__).parent.parent / "data" / "mail"


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.eml").read_bytes()


def raw_mail(
    headers: str | bytes = b"",
    body: str | bytes = b"Hej\n",
    sender: str = "Karen Toftlund <karen@example.dk>",
    subject: str = "Om min ordre",
) -> bytes:
    """An ordinary mail with these headers added to it."""
    ordinary = (
        f"From: {sender}\nTo: kundeservice@lysoglampe.dk\nSubject: {subject}\n"
        "Date: Tue, 3 Mar 2026 08:14:09 +0100\nMessage-ID: <ordinary-1@example.dk>\n"
    )
    extra = headers.encode() if isinstance(headers, str) else headers
    words = body.encode() if isinstance(body, str) else body
    return ordinary.encode() + (extra.strip(b"\n") + b"\n" if extra else b"") + b"\n" + words
