"""What goes along with a reply: the letter's own file, what a colleague picked, and what they had picked before."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot.desk.press import Desk
from bot.errors import Refused
from bot.speech import say
from storage import files
from storage.files import NewFile
from storage.tables import Conversation, Suggestion

#: What one letter carries, the letter's own file among it.
MOST_ENCLOSED = 6
MOST_ENCLOSED_BYTES = 15 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Picked:
    """What a colleague chose in the reply's window."""

    files: tuple[NewFile, ...] = ()
    with_house_file: bool = True
    #: Of the files of a reply that was taken back, those that still go.
    kept: tuple[int, ...] = ()


def enclosed(
    session: Session,
    desk: Desk,
    conversation: Conversation,
    suggestion: Suggestion,
    picked: Picked | None,
) -> tuple[NewFile | None, tuple[NewFile, ...]]:
    """The letter's own file, unless it was taken out, and the others; `picked` is None where no window was opened.

    Raises Refused where they cannot go.
    """
    chosen = picked or Picked(with_house_file=suggestion.with_house_file, kept=tuple(suggestion.kept_files))
    kept = files.take_waiting(session, conversation.id or 0, chosen.kept) if chosen.kept else ()
    others = (*kept, *chosen.files)
    if conversation.channel != "email":
        if others:
            raise Refused(say("Files go by mail only. Send the answer without them."))
        return None, ()
    own = desk.house.attachments.get(suggestion.template or "") if chosen.with_house_file else None
    _check_size([own, *others] if own else others)
    return own, others


def _check_size(together: Sequence[NewFile]) -> None:
    if len(together) > MOST_ENCLOSED:
        raise Refused(say("At most {number} files go along with one letter.", number=MOST_ENCLOSED))
    if sum(each.size_bytes for each in together) > MOST_ENCLOSED_BYTES:
        most = MOST_ENCLOSED_BYTES // 1024**2
        raise Refused(
            say("The files are over {number} MB together; many mailboxes refuse that.", number=most)
        )
