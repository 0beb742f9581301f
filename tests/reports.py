"""Delivery reports as mail servers write them, about mail of ours."""

#: (recipient, action, status)
Line = tuple[str, str, str]


def report(
    *lines: Line,
    about: str = "",
    token: str = "",
    sender: str = "Mail Delivery System <MAILER-DAEMON@mx.example.dk>",
    to: str = "hej@lampehuset.example",
    whole: bool = False,
    number: int = 1,
) -> bytes:
    """A report in the standard form; it returns our mail's header, or the whole mail, with that id or token."""
    groups = "\r\n".join(
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        for address, action, status in lines
    )
    returned = "".join(
        (
            f"Message-ID: <{about}>\r\n" if about else "",
            f"X-Tillid-Thread: {token}\r\n" if token else "",
            "From: Lampehuset <hej@lampehuset.example>\r\nSubject: Re: Hej\r\n",
        )
    )
    kind, rest = ("message/rfc822", "\r\nKære Mette\r\n") if whole else ("text/rfc822-headers", "")
    return (
        f"Return-Path: <>\r\nFrom: {sender}\r\nTo: {to}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <report-{number}@mx.example.dk>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\nReport number {number}.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.dk\r\n\r\n"
        f"{groups}\r\n--b\r\nContent-Type: {kind}\r\n\r\n{returned}{rest}\r\n--b--\r\n"
    ).encode()
