"""Every way in which real mail is broken, and every header that makes the standard library's reader raise: one raw
file each in tests/data/mail/, whose words must come through.
"""

import pytest
from mail_builders import SAMPLES, sample

from bot.mail.reading import parse_mail

MARKER = "Lampeskærmen er revnet."
#: What was wrong, as the reader must name it; nothing where the mail is unusual and not broken.
CLASSES: dict[str, tuple[str, ...]] = {
    "class_no_message_id": ("no_message_id",),
    "class_no_date": ("no_date",),
    "class_no_subject": (),
    "class_no_from": ("no_from",),
    "class_empty_from": ("from_without_address",),
    "class_from_without_address": ("from_without_address",),
    "class_several_from_addresses": ("several_from",),
    "class_two_from_headers": ("several_from",),
    "class_date_without_zone": ("date_without_zone",),
    "class_date_implausible": ("date_unreadable",),
    "class_date_unparsable": ("date_unreadable",),
    "class_message_id_malformed": ("message_id_malformed",),
    "class_8bit_headers": (),
    "class_subject_loses_characters": (),
    "class_header_injection": (),
    "class_nested_message": (),
    "class_digest": (),
    "class_multipart_report": (),
    "class_no_text_part": (),
    "class_mbox_from_line": ("mbox_line",),
    "class_leading_blank_line": ("leading_blank_lines",),
    "class_html_only": (),
    "class_text_part_empty": ("plain_part_empty",),
    "class_text_parts_all_empty": ("text_from_attachment",),
    "class_smime_signed": (),
    "class_pgp_signed": (),
    "class_boundary_missing": ("boundary_missing",),
    "class_boundary_wrong": ("boundary_missing",),
    "class_boundary_never_used": ("boundary_missing",),
    "class_boundary_not_closed": ("boundary_not_closed",),
    "class_charset_missing": ("charset_guessed",),
    "class_charset_wrong": ("charset_wrong",),
    "class_charset_unknown": ("charset_unknown",),
    "class_charset_cp850_undeclared": ("charset_guessed",),
    "class_charset_stray_bytes": ("charset_wrong",),
    "class_charset_stray_bytes_undeclared": ("charset_guessed",),
    "class_charset_of_file_name": (),
    "class_content_type_encoded_word": (),
    "class_text_after_end": ("text_after_end",),
    "class_text_before_parts": ("text_before_parts",),
    "class_text_in_later_part": (),
    "class_text_in_attachment": ("text_from_attachment",),
    "class_text_as_octet_stream": ("text_from_attachment",),
    "class_rtf_attachment": ("text_from_attachment",),
    "class_related_without_text_first": (),
    "class_body_under_message_type": ("text_from_attachment",),
    "class_line_over_998_bytes": (),
    "class_over_50_parts": (),
    "class_nul_bytes": ("nul_bytes",),
    "class_uuencoded": (),
    "class_calendar_only": (),
    "class_calendar_only_attached": (),
    "class_rtf_only": (),
    "class_enriched_only": (),
    "class_external_body": (),
    "class_message_partial": (),
    "class_utf16_file": ("utf16_mail",),
    "class_bare_cr": (),
    "class_crcrlf": (),
    "class_path_traversal": (),
    "class_3000_references": ("references_cut",),
    "class_transfer_encoding_wrong": ("transfer_encoding_broken",),
    "class_transfer_encoding_unknown": (),
    "class_format_flowed": (),
    "class_format_flowed_delsp": (),
    "class_no_blank_line_before_body": ("header_not_ended",),
    "class_tnef_body": ("tnef", "text_from_attachment"),
    "class_tnef_html": ("tnef", "text_from_attachment"),
    "class_tnef_rtf": ("tnef", "text_from_attachment"),
    "class_tnef_files_only": ("tnef",),
    "class_tnef_broken": ("tnef",),
    "class_tnef_not_tnef": ("tnef",),
    "raiser_message_id_empty": ("message_id_malformed",),
    "raiser_message_id_bracket": (),
    "raiser_message_id_only_at": ("message_id_malformed",),
    "raiser_message_id_exchange": (),
    "raiser_message_id_open_bracket": (),
    "raiser_to_undisclosed": (),
    "raiser_to_undisclosed_more": (),
    "raiser_cc_open_quote": (),
    "raiser_cc_without_domain": (),
    "raiser_from_open_angle": ("from_without_address",),
    "raiser_date_overflow": ("date_unreadable",),
    "raiser_filename_continuations": (),
    "raiser_content_type_name_star": (),
    "raiser_charset_x_unknown": ("charset_unknown",),
    "raiser_charset_cp_850": (),
    "raiser_1000_nested_multiparts": ("nested_too_deep",),
    "raiser_500_nested_messages": ("nested_too_deep",),
    "raiser_8bit_body_declared_7bit": ("charset_wrong",),
}
#: Only the recipient's key opens these, and Tillid holds no keys: the file is named instead, and opened in the
#: colleague's own mail program.
SEALED = {"class_smime_encrypted", "class_pgp_encrypted"}


@pytest.mark.parametrize(("name", "defects"), CLASSES.items(), ids=CLASSES.keys())
def test_the_words_of_a_broken_mail_come_through(name: str, defects: tuple[str, ...]) -> None:
    message = parse_mail(sample(name))
    assert MARKER.rstrip(".") in " ".join(f"{message.subject} {message.text}".split())
    assert set(defects) <= set(message.defects)
    assert bool(message.reply) == bool(message.text)


@pytest.mark.parametrize("name", sorted(SEALED))
def test_a_mail_that_nobody_here_can_open_is_named_as_such(name: str) -> None:
    message = parse_mail(sample(name))
    assert message.defects == ("encrypted",)
    assert message.attachments
    assert message.sender == "karen@example.dk"


def test_every_file_of_a_class_is_in_the_table() -> None:
    found = {path.stem for kind in ("class_*.eml", "raiser_*.eml") for path in SAMPLES.glob(kind)}
    assert found == CLASSES.keys() | SEALED


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("class_8bit_headers", "Blåbær til Jørgen"),
        ("class_subject_loses_characters", "Blåbær køb"),
        ("class_header_injection", "Hej Bcc: eva@example.dk"),
        ("class_no_subject", ""),
    ],
)
def test_a_subject_keeps_its_letters(name: str, subject: str) -> None:
    assert parse_mail(sample(name)).subject == subject


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("class_tnef_body", ["kvittering på lampe.pdf"]),
        ("class_tnef_html", ["winmail.dat"]),
        ("class_path_traversal", ["passwd"]),
        ("class_charset_of_file_name", ["kvitteringæ.pdf"]),
        ("class_uuencoded", ["lampe.png"]),
        ("class_no_text_part", ["lampe.png"]),
        ("class_calendar_only_attached", ["invite.ics"]),
    ],
)
def test_the_files_of_a_broken_mail_are_named(name: str, files: list[str]) -> None:
    assert [file.name for file in parse_mail(sample(name)).attachments] == files


def test_a_stray_byte_makes_no_other_alphabet_of_a_mail() -> None:
    for name in ("class_charset_stray_bytes", "class_charset_stray_bytes_undeclared"):
        text = parse_mail(sample(name)).text
        assert text.startswith(MARKER)
        assert max(text) < "\u0250"


def test_a_charset_nobody_declared_is_guessed_by_the_letters_of_our_customers() -> None:
    for charset in ("cp1252", "cp850", "cp865", "mac_roman", "iso8859_15", "utf-8", "utf-16", "utf-16-le"):
        for words in ("Sæt pæren i, så lyser den ikke på køkkenbordet", "Lampan på övervåningen är trasig"):
            head = b"From: karen@example.dk\nSubject: x\nContent-Type: text/plain\n\n"
            assert parse_mail(head + words.encode(charset)).text == words
