"""What keeps a mailbox from being read, in words for the people who are told."""

from bot.errors import TemporaryFailure

SILENT = "the server does not answer"
HUNG_UP = "the server hung up"
NO_CONNECTION = "no connection to the server"
UNVERIFIED = "the server's certificate cannot be verified"
GARBLED = "the server's answer cannot be understood"
BUSY = "the server takes no more logins now"


class ImapTrouble(TemporaryFailure):
    """This connection is over; another one may succeed."""


class LoginRefused(ImapTrouble):
    """The server does not let us in. Trying fast would only lock the account."""


class IdleSilent(ImapTrouble):
    """The server promises IDLE and does not answer it."""
