"""Opening what a customer sent: copies go into the card's thread, each once, and nowhere else."""

from datetime import datetime

from sqlmodel import Session

from bot.desk.press import Press, acting, conversation_of
from bot.views.files import can_be_shown, file_key
from storage import audit, files, outbox


def open_files(session: Session, press: Press, now: datetime) -> int:
    """Have every file of the case that can be shown posted below its card; how many are on their way now.

    What was posted before is not posted again; what failed is tried once more. Raises Refused for strangers.
    """
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    assert conversation.id is not None
    begun = 0
    for each in files.received(session, conversation.id):
        if not can_be_shown(each):
            continue
        key = file_key(each.id)
        # A lane of its own: a large file never holds up a note or a refund.
        lane = f"files:{conversation.id}"
        payload = {"file_id": each.id}
        row = outbox.put(session, key, "file", payload, now, lane=lane, conversation_id=conversation.id)
        begun += row is not None or outbox.retry(session, key, now)
    audit.record(
        session, "files_opened", now, conversation_id=conversation.id, agent_id=agent.id, shown=begun
    )
    return begun
