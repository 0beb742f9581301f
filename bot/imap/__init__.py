"""A mailbox over IMAP, as a protocol: connections, folders, new mail, the Sent folder. Knows no rows and no rules."""

from bot.imap.login import connect
from bot.imap.place import Place, on_the_wire, place_of
from bot.imap.sent import find_sent, save_sent, wants_sent_copy
from bot.imap.session import DEADLINE, ImapSession, Numbers
from bot.imap.troubles import IdleSilent, ImapTrouble, LoginRefused

__all__ = [
    "DEADLINE",
    "IdleSilent",
    "ImapSession",
    "ImapTrouble",
    "LoginRefused",
    "Numbers",
    "Place",
    "connect",
    "find_sent",
    "on_the_wire",
    "place_of",
    "save_sent",
    "wants_sent_copy",
]
