"""The windows in which leads change a wording."""

from functools import partial
from typing import Any

from card_views import NOW
from golden_texts import COLD, DANISH_REPLY, PROOF

from bot.cards.wording_modals import (
    LetterShown,
    Preview,
    VersionLine,
    choose_letter,
    edit_wording,
    versions,
)

LETTERS = (
    "reply/double_charge_granted",
    "reply/late_delivery_looking",
    "reply/address_change_open",
    "reply/declined",
    "reply/ask_open",
    "follow_up/money_arrived",
    "event/outage",
)
LETTER = LETTERS[0]
PARTS = {
    "subject": "Pengene for ordre {{ order }} er på vej",
    "fix": "Du har ret: {{ amount }} er på vej tilbage til dit kort.",
    "heard": "Det er ærgerligt at blive trukket to gange, og det skulle ikke være sket.",
    "next_step": "{% if days %}Banken er {{ days }} hverdage om det.{% endif %}",
    "head": "{% from 'shared.j2' import bank_days %}",
}


def wordings() -> dict[str, partial[Any]]:
    """One of each."""
    remembered = {"n": LETTER, "l": "da", "b": 3, "r": 2, "h": "0" * 16, "a": False}
    edit = partial(
        edit_wording, PARTS, remembered, standing="In force: version 3, by Bodil & Åse",
        names=("name", "order", "amount", "days"),
    )  # fmt: skip
    letters = (
        LetterShown(
            "Mette Sørensen, charged twice 😕", NOW, "Pengene for ordre 10432 er på vej", DANISH_REPLY
        ),
        LetterShown("With sample facts", None, "Pengene for ordre 10000 er på vej", "Hej <navn> & co."),
    )
    lines = tuple(
        VersionLine(f"Version {number}", "Bodil Ærø", NOW, f"Du har ret. Nr. {number} & <mere>.", number)
        for number in range(12, 0, -1)
    )
    files = VersionLine("What came with Tillid", "", None, DANISH_REPLY, 0)
    newest = VersionLine("In force now", "Åse Strømsø", NOW, "Du har helt ret.", None)
    return {
        "wording_choose": partial(choose_letter, LETTERS, "nn"),
        "wording_choose_of_one": partial(choose_letter, LETTERS[:1], "sv", "This is the nearest there is."),
        "wording_edit": edit,
        "wording_edit_preview": partial(edit, preview=Preview(letters, ())),
        "wording_edit_preview_with_findings": partial(
            edit,
            news=("Bodil published another version meanwhile.",),
            preview=Preview(letters[:1], (PROOF, COLD), asks_again=True),
        ),
        "wording_versions": partial(versions, LETTER, "da", (newest, *lines[-2:], files), seen=3, undo=True),
        "wording_versions_too_many": partial(
            versions, LETTER, "da", (newest, *lines, files), seen=13, undo=False, news="Version 4 is back."
        ),
    }
