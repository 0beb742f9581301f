"""The names under which the reader says what was wrong with a mail.

They are stored and shown: never rename one.
"""

from enum import StrEnum


class Defect(StrEnum):
    """One thing that was wrong, cut, or guessed while a mail was read."""

    # The bytes
    MBOX_LINE = "mbox_line"
    LEADING_BLANK_LINES = "leading_blank_lines"
    NUL_BYTES = "nul_bytes"
    UTF16_MAIL = "utf16_mail"
    RAW_CUT = "raw_cut"
    NO_HEADERS = "no_headers"
    HEADERS_CUT = "headers_cut"
    HEADER_NOT_ENDED = "header_not_ended"
    # The headers
    NO_FROM = "no_from"
    FROM_WITHOUT_ADDRESS = "from_without_address"
    SEVERAL_FROM = "several_from"
    NAME_SHOWS_OTHER_ADDRESS = "name_shows_other_address"
    NO_MESSAGE_ID = "no_message_id"
    MESSAGE_ID_MALFORMED = "message_id_malformed"
    NO_DATE = "no_date"
    DATE_UNREADABLE = "date_unreadable"
    DATE_WITHOUT_ZONE = "date_without_zone"
    #: Written in our own name by a form: the sender is whom Reply-To names, and anybody can write that.
    FORM_SENDER = "form_sender"
    #: From a declared form's address, but nobody vouches that the form wrote it: the sender is not believed.
    FORM_NOT_AUTHENTICATED = "form_not_authenticated"
    REPLY_TO_INVALID = "reply_to_invalid"
    REFERENCES_CUT = "references_cut"
    # The parts
    BOUNDARY_MISSING = "boundary_missing"
    BOUNDARY_NOT_CLOSED = "boundary_not_closed"
    NESTED_TOO_DEEP = "nested_too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    TRANSFER_ENCODING_BROKEN = "transfer_encoding_broken"
    # The text
    CHARSET_UNKNOWN = "charset_unknown"
    CHARSET_WRONG = "charset_wrong"
    CHARSET_GUESSED = "charset_guessed"
    PLAIN_PART_EMPTY = "plain_part_empty"
    TEXT_AFTER_END = "text_after_end"
    TEXT_BEFORE_PARTS = "text_before_parts"
    TEXT_FROM_ATTACHMENT = "text_from_attachment"
    TEXT_READ_RAW = "text_read_raw"
    TEXT_CUT = "text_cut"
    ENCRYPTED = "encrypted"
    TNEF = "tnef"


class Defects:
    """Collects each defect once, in the order of its first appearance."""

    def __init__(self) -> None:
        self._seen: dict[Defect, None] = {}

    def add(self, defect: Defect | None) -> None:
        """None is allowed and adds nothing."""
        if defect is not None:
            self._seen.setdefault(defect)

    def names(self) -> tuple[str, ...]:
        return tuple(str(defect) for defect in self._seen)
