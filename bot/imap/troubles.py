"""What keeps a mailbox from being read, in words for the people who are told."""

from bot.errors import TemporaryFailure
from bot.speech import mark

SILENT = mark("the server does not answer")
HUNG_UP = mark("the server hung up")
NO_CONNECTION = mark("no connection to the server")
UNVERIFIED = mark("the server's certificate cannot be verified")
GARBLED = mark("the server's answer cannot be understood")
NO_TOKEN = mark("the mailbox refused our token")
NO_PASSWORD = mark("the mailbox refused our password")
NO_FOLDER = mark("the folder cannot be opened")
BUSY = mark("the server takes no more logins now")


class ImapTrouble(TemporaryFailure):
    """This connection is over; another one may succeed."""


class LoginRefused(ImapTrouble):
    """The server does not let us in. Trying fast would only lock the account."""


class IdleSilent(ImapTrouble):
    """The server promises IDLE and does not answer it."""
