"""What becomes of each person in an event of the shop, and how that is told to whoever told us."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of one person in one event."""

    NEW = "new"
    #: Told otherwise than before: the draft was made anew.
    CHANGED = "changed"
    SAME = "same"
    #: We were told something newer.
    OLDER = "older"
    #: Told otherwise, but the letter has gone, or the draft was withdrawn.
    TOO_LATE = "too_late"
    #: Told of this person twice at once, and differently: the first counts.
    TWICE = "twice"
    UNKNOWN = "unknown"
    NOT_THEIRS = "not_theirs"
    #: They asked to be forgotten.
    FORGOTTEN = "forgotten"
    UNREACHABLE = "unreachable"
    NOT_NEEDED = "not_needed"


#: Why no draft stands there as it was told, for whoever told us.
REASONS = {
    Outcome.OLDER: "something newer about it is here already",
    Outcome.TOO_LATE: "the letter has gone, or somebody put it aside; tell it under a new key to write again",
    Outcome.TWICE: "this person is in the event already, with other details: one letter goes to each",
    Outcome.UNKNOWN: "no customer or order of that name is known here",
    Outcome.NOT_THEIRS: "the order belongs to somebody else than the address",
    Outcome.FORGOTTEN: "the customer asked to be forgotten",
    Outcome.UNREACHABLE: "no mail address is known, or mail to it comes back",
    Outcome.NOT_NEEDED: "there is nothing to tell: it has arrived, or the difference was given back",
}

#: After these a draft stands there as it was told.
DONE = (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)
