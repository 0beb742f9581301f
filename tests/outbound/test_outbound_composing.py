"""What a mail says of itself, its two halves, its files; and that no text can become a header."""

import base64
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from outgoing_items import NOW, letter

from bot.errors import PermanentFailure
from bot.outbound.composing import compose, written

PUBLIC = "https://support.lampehuset.example"
AUTOMATIC = {
    "automatic": True,
    "unsubscribe_token": "k3yK3yk3yK3yk3yK3yk3yK3yk3yK3y-_",
    "stop_words": "Nej tak: {url}",
    "language": "da",
}
ADDRESS = f"{PUBLIC}/unsubscribe/{AUTOMATIC['unsubscribe_token']}"


def arrived(public_url: str = PUBLIC, **changed: Any) -> EmailMessage:
    """The mail as its reader's program sees it."""
    raw = written(compose(letter(**changed), NOW, public_url))
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def text_of(mail: EmailMessage) -> str:
    plain = mail.get_body(("plain",))
    assert plain is not None
    return str(plain.get_content()).replace("\r\n", "\n")


def file(name: str, kind: str, content: bytes = b"%PDF-1.7") -> dict[str, str]:
    return {"name": name, "type": kind, "content": base64.b64encode(content).decode()}


# ---- automatic or not -----------------------------------------------------------------------------------------


def test_an_automatic_mail_says_so_and_can_be_stopped_with_one_click() -> None:
    mail = arrived(**AUTOMATIC)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["List-Unsubscribe"] == f"<{ADDRESS}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert text_of(mail) == f"{letter().payload['text']}\n\nNej tak: {ADDRESS}\n"
    html = mail.get_body(("html",))
    assert html is not None
    assert f'href="{ADDRESS}"' in html.get_content()


def test_the_address_to_stop_at_is_never_broken_over_lines() -> None:
    raw = written(compose(letter(**AUTOMATIC), NOW, PUBLIC + "/" + "a-long-path/" * 20))
    assert f"/unsubscribe/{AUTOMATIC['unsubscribe_token']}>".encode() in raw
    assert b"List-Unsubscribe: <https://" in raw


def test_without_a_public_address_an_automatic_mail_still_says_so_and_has_no_link() -> None:
    mail = arrived("", **AUTOMATIC)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (None, None)
    assert text_of(mail) == f"{letter().payload['text']}\n"


def test_an_answer_that_a_person_approved_is_no_automatic_mail() -> None:
    mail = arrived()
    for header in ("Auto-Submitted", "X-Auto-Response-Suppress", "List-Unsubscribe", "Precedence"):
        assert mail[header] is None
    assert "unsubscribe" not in str(mail)


def test_nothing_is_sent_to_anybody_in_secret() -> None:
    mail = arrived(bcc="alle@example.dk", cc="alle@example.dk")
    assert (mail["Bcc"], mail["Cc"]) == (None, None)


# ---- two halves -----------------------------------------------------------------------------------------------


def test_the_text_stands_before_its_html() -> None:
    mail = arrived()
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=400))
def test_the_text_is_letter_by_letter_what_was_approved(text: str) -> None:
    assert text_of(arrived(text=text)) == text + "\n"


def test_a_mail_holds_only_seven_bit_characters() -> None:
    raw = written(compose(letter(text="Kærlig hilsen Åse 🙂", subject="Ændret", **AUTOMATIC), NOW, PUBLIC))
    assert raw.isascii()


# ---- headers --------------------------------------------------------------------------------------------------

ANYTHING = st.text(
    st.one_of(st.sampled_from("\r\n\t <>@\x00\x0b\x85\u2028\ud800:;,=?\"'\\()æø"), st.characters()),
    max_size=60,
)
HEADERS = {
    *("from", "to", "subject", "date", "message-id", "in-reply-to", "references", "x-tillid-thread"),
    *("auto-submitted", "x-auto-response-suppress", "list-unsubscribe", "list-unsubscribe-post"),
    *("mime-version", "content-type", "reply-to"),
}
FIELDS = st.sampled_from(["subject", "sender_name", "to", "message_id", "in_reply_to", "token", "reply_to"])


@given(FIELDS, ANYTHING, ANYTHING, ANYTHING)
def test_no_value_ever_becomes_a_header_of_its_own(field: str, first: str, second: str, name: str) -> None:
    changed = {field: f"{first}\r\nBcc: alle@example.dk{second}" if "\x00" in second else first + second}
    more = {"references": [first, second], "from": f"{name} <hej@lampehuset.example>"}
    try:
        raw = written(
            compose(letter(**AUTOMATIC, **changed, **more, files=[file(name, second)]), NOW, PUBLIC)
        )
    except PermanentFailure:
        return
    head = raw.partition(b"\r\n\r\n")[0]
    assert b"\n" not in head.replace(b"\r\n", b"") and b"\r" not in head.replace(b"\r\n", b"")
    names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if line[:1] not in b" \t"]
    assert {each.lower() for each in names} <= HEADERS
    assert len(names) == len(set(names))
    assert message_from_bytes(raw, policy=policy.default)["To"].addresses


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=150), st.integers(1, 5))
@example("00000000¡¡¡¡¡¡¡¡¡¡¡𐀀𐀀𐀀", 3)  # the library lost a space here
def test_a_subject_arrives_as_it_was_written(word: str, times: int) -> None:
    subject = " ".join([word] * times)
    raw = written(compose(letter(subject=subject), NOW))
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    if "=?" not in subject:
        assert message_from_bytes(raw, policy=policy.default)["Subject"].split() == subject.split()


@pytest.mark.parametrize("length", [30, 79, 120, 400])
def test_an_id_longer_than_a_line_is_answered_as_it_is(length: int) -> None:
    theirs = f"{'AM0PR08MB' * length}"[:length] + "@eurprd08.prod.outlook.com"
    raw = written(compose(letter(in_reply_to=theirs, references=["m1@example.dk", theirs]), NOW))
    assert f"In-Reply-To: <{theirs}>\r\n".encode() in raw
    assert f"References: <m1@example.dk>\r\n <{theirs}>\r\n".encode() in raw


def test_an_id_that_no_header_can_hold_is_left_out() -> None:
    mail = arrived(in_reply_to="bø@example.dk", references=["a b@c", "m1@example.dk", "x" * 2000, "æ@x"])
    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<m1@example.dk>"


def test_a_domain_with_its_own_letters_is_written_as_servers_know_it() -> None:
    assert arrived(to="mette@smørrebrød.example")["To"] == "mette@xn--smrrebrd-64af.example"


def test_an_address_no_server_takes_is_refused_in_plain_words() -> None:
    with pytest.raises(PermanentFailure, match="letters before its @ that mail servers do not take"):
        compose(letter(to="måns@example.se"), NOW)


# ---- files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["retur.pdf", "Returmærkat – Åse „nr. 1“.pdf", "en meget lang æ-fil " * 5 + ".pdf", "日本語.pdf"]
)
def test_a_file_arrives_under_its_name(name: str) -> None:
    mail = arrived(files=[file(name, "application/pdf", b"\x00\xff%PDF")])
    (found,) = mail.iter_attachments()
    assert (found.get_filename(), found.get_content()) == (name, b"\x00\xff%PDF")
    assert found.get_content_type() == "application/pdf"
    assert text_of(mail) == f"{letter().payload['text']}\n"


def test_a_name_of_other_letters_is_written_by_rfc_2231() -> None:
    assert b"filename*=utf-8''%C3%86.pdf" in written(
        compose(letter(files=[file("Æ.pdf", "application/pdf")]), NOW)
    )


@pytest.mark.parametrize(
    "kind", ["message/rfc822", "multipart/mixed", "", "pdf", "text/x\r\nX: y", "a/b; charset=x"]
)
def test_a_kind_of_file_that_mail_cannot_carry_as_it_is_goes_as_plain_bytes(kind: str) -> None:
    (found,) = arrived(files=[file("a.eml", kind, b"From: a\n\nb")]).iter_attachments()
    assert (found.get_content_type(), found.get_content()) == ("application/octet-stream", b"From: a\n\nb")


def test_a_text_file_keeps_its_bytes() -> None:
    (found,) = arrived(files=[file("a.txt", "text/plain", b"\xe6\r\nb\n")]).iter_attachments()
    assert found.get_payload(decode=True) == b"\xe6\r\nb\n"
