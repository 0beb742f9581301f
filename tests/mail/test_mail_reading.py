import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mail_builders import SAMPLES, raw_mail, sample

from bot.errors import MalformedMessage
from bot.mail.reading import as_json, parse_mail
from bot.messages import Attachment

REPLIES = {
    "da_gmail_reply": "Hej Mikkel\n\nLampen kom i går, men skærmen er revnet hele vejen ned. "
    "Kan I sende en ny skærm?\n\nVenlig hilsen\nKaren",
    "da_iphone_reply": "Jeg har sendt dem tilbage for to uger siden. Hvor er mine 899 kr.?",
    "nb_outlook_reply": "Hei,\n\nTeltet mangler to plugger og en stående stang. Når kan dere sende dem?"
    "\n\nMvh\nSolveig",
    "nn_thunderbird_interleaved": "Eg svarar mellom linjene.\n\nEg tinga large.\n\n"
    "Grå, men eg ville ha den raude som stod på kvitteringa.",
    "sv_gmail_html_only": "Hej! Bryggaren läcker fortfarande.\n\nJag vill gärna ha en ny.",
    "sv_samsung_cp1252": "Paketet är inte här än – och det är tredje gången jag frågar…",
    "en_gmail_reply": "The money is still not in my account.",
    "de_outlook_plain": "Guten Tag,\n\nich habe den falschen Stuhl bekommen: bestellt war Eiche, geliefert wurde Weiß."
    "\n\nMit freundlichen Grüßen\nJürgen Böhme",
    "fi_outlook_reply": "Hei,\n\nrinkka saapui ilman sadesuojaa. Voitteko lähettää sen?",
    "wrong_charset": "Pæren er sprunget, og jeg er blevet opkrævet to gange.",
    "unknown_charset": "Skærmen på lampen er gået løs.",
    "nested_forward": "Her er kvitteringen dere ba om.",
    "no_from": "Jeg vil gerne have svar.",
    "nul_bytes": "Lampen blinker.",
    "missing_boundary": "Strømpene har hull.",
    "plain_part_empty": "Teltta on rikki.",
    "mbox_from_line": "Skoene er for små.",
    "uuencoded": "Se bilden.\n\nHälsningar Lars",
    "human_quotes_bounce": "Jeg prøvede at skrive til jer, men fik dette tilbage. Kan I se hvorfor?",
    "calendar_only": "Montering af lampe, stuen\n2026-03-25 14:00\nNørregade 4\nsalon@example.dk",
}


@pytest.mark.parametrize(("name", "reply"), REPLIES.items(), ids=REPLIES.keys())
def test_the_newly_written_words_are_found(name: str, reply: str) -> None:
    assert parse_mail(sample(name)).reply == reply


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.eml")), ids=lambda path: path.stem)
def test_every_sample_gives_text_reply_and_one_json_line(path: Path) -> None:
    raw = path.read_bytes()
    message = parse_mail(raw)
    line = json.dumps(as_json(message, "x.eml"), ensure_ascii=False)
    assert message.text.strip() or message.attachments
    assert bool(message.reply.strip()) == bool(message.text.strip())
    assert "\n" not in line
    assert message.body_hash == hashlib.sha256(message.text.encode()).hexdigest()
    assert parse_mail(raw) == message


def test_a_reply_carries_who_when_and_to_what() -> None:
    message = parse_mail(sample("da_gmail_reply"), trusted_authserv_ids=frozenset({"mx.lysoglampe.dk"}))
    assert (message.sender, message.sender_name) == ("karen.toftlund@example.dk", "Karen Toftlund")
    assert message.subject == "Re: Din ordre 20418 er på vej"
    assert message.sent_at == datetime(2026, 3, 3, 7, 14, 9, tzinfo=UTC)
    assert message.to == ("kundeservice@lysoglampe.dk",)
    assert message.message_id == "CAF7h=Qx1@mail.example.net"
    assert message.in_reply_to == message.references == ("t-9k2m4x7q1b8v3c6z.0@lysoglampe.dk",)
    assert message.reply_token == "9k2m4x7q1b8v3c6z"
    assert message.authentication == "pass"
    assert message.automatic is None
    assert message.defects == ()
    assert "Din pakke er afsendt i dag." in message.text


def test_the_json_line_has_the_promised_shape() -> None:
    line = as_json(parse_mail(sample("attachments")), "mails/attachments.eml")
    assert list(line) == [
        "file", "message_id", "from", "reply_to", "to", "cc", "subject", "date", "in_reply_to", "references",
        "text", "reply", "attachments", "automatic", "bounce", "authentication", "defects",
    ]  # fmt: skip
    assert line["file"] == "mails/attachments.eml"
    assert line["from"] == {"name": "Karen Toftlund", "address": "karen.toftlund@example.dk"}
    assert line["date"] == "2026-03-20T08:00:00+00:00"
    assert line["bounce"] is None
    assert line["attachments"] == [
        {"name": "skærm.jpg", "type": "image/jpeg", "size_bytes": 42},
        {"name": "købskvittering nr 1.pdf", "type": "application/pdf", "size_bytes": 9},
        {"name": "winmail.dat", "type": "application/ms-tnef", "size_bytes": 8},
    ]


def test_an_enclosed_mail_is_read_and_its_file_named() -> None:
    message = parse_mail(sample("nested_forward"))
    assert "Subject: Kvittering 991" in message.text
    assert "Sovepose, 1 299 kr." in message.text
    assert message.message_id == "fwd-1@example.no"
    assert [file.name for file in message.attachments] == ["kvittering.eml"]


def test_hidden_words_and_scripts_never_reach_the_text() -> None:
    message = parse_mail(sample("sv_gmail_html_only"))
    assert "Ignorera" not in message.text
    assert "alert" not in message.text
    assert "> prova att byta packningen." in message.text


def test_a_uuencoded_file_is_named_and_leaves_the_text() -> None:
    message = parse_mail(sample("uuencoded"))
    assert message.attachments == (Attachment("bild.txt", "application/octet-stream", 3),)
    assert "begin 644" not in message.text


@pytest.mark.parametrize("raw", [b"", b"\r\n \r\n", bytes(range(256)) * 8, b"\x00\x01\x02\x03" * 50])
def test_what_nobody_could_read_is_refused(raw: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_mail(raw)


def test_plain_words_without_any_header_are_a_message() -> None:
    message = parse_mail(b"Hej, jeg mangler min pakke.\nHilsen Bo\n")
    assert message.text == "Hej, jeg mangler min pakke.\nHilsen Bo"
    assert "no_headers" in message.defects


@pytest.mark.parametrize(
    ("name", "defects"),
    [
        ("bad_date", {"date_unreadable", "message_id_malformed"}),
        ("date_without_zone", {"date_without_zone"}),
        ("no_message_id", {"no_message_id"}),
        ("no_from", {"no_from"}),
        ("nul_bytes", {"nul_bytes"}),
        ("missing_boundary", {"boundary_missing"}),
        ("plain_part_empty", {"plain_part_empty"}),
        ("mbox_from_line", {"mbox_line", "leading_blank_lines"}),
        ("unknown_charset", {"charset_unknown"}),
        ("wrong_charset", {"charset_wrong"}),
        ("spoofed_name", {"name_shows_other_address", "reply_to_invalid"}),
        ("attachments", {"tnef"}),
    ],
)
def test_what_was_wrong_is_named(name: str, defects: set[str]) -> None:
    assert set(parse_mail(sample(name)).defects) == defects


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf"])
def test_a_mark_of_a_byte_order_that_the_mail_is_not_in_hides_nothing(mark: bytes) -> None:
    message = parse_mail(mark + raw_mail(body="Lampen er gået i stykker\n"))
    assert (message.sender, message.text) == ("karen@example.dk", "Lampen er gået i stykker")
    assert message.defects == ()


@pytest.mark.parametrize("empty", ["", "Content-Type: text/plain\n\n \n"])
def test_words_before_the_parts_are_read_where_the_parts_have_none(empty: str) -> None:
    body = f"Lampen er gået i stykker\n--b\n{empty}\n--b--\n"
    message = parse_mail(raw_mail("Content-Type: multipart/mixed; boundary=b", body))
    assert message.reply == "Lampen er gået i stykker"
    assert "text_before_parts" in message.defects


def test_two_mails_with_one_id_have_two_hashes() -> None:
    first, second = parse_mail(raw_mail(body="Ja\n")), parse_mail(raw_mail(body="Nej\n"))
    assert first.message_id == second.message_id
    assert first.body_hash != second.body_hash
