"""Which case a message of ours in a customer's thread belongs to."""

import builders
import pytest
from builders import NOW
from sqlalchemy import Engine, update
from sqlmodel import col

from storage import outbox, watching
from storage.engine import reading, transaction
from storage.tables import OutboxItem
from storage.watching import Thread

PLACE = {"team": "T1", "slack_channel": "C1", "thread_ts": "1.0"}


@pytest.mark.parametrize("key", ["reply:1:1", "follow_up:1"])
def test_what_we_posted_is_known_by_its_receipt(engine: Engine, key: str) -> None:
    with transaction(engine) as session:
        case = builders.identity(builders.conversation(session, channel="slack", **PLACE))
        outbox.put(session, key, "slack_reply", {}, NOW, lane="x", conversation_id=case)
        outbox.put(session, "note:1", "note", {}, NOW, lane="y", conversation_id=case)
        for row, ts in ((key, "2.5"), ("note:1", "2.6")):
            sent = update(OutboxItem).where(col(OutboxItem.key) == row)
            session.execute(sent.values(receipt={"channel": "C1", "ts": ts}))
    places = [("T1", "C1", "2.5"), ("T1", "C1", "2.6"), ("T1", "C2", "2.5"), ("T2", "C1", "2.5")]
    with reading(engine) as session:
        found = [watching.case_of_ours(session, Thread(*place)) for place in places]
    assert found == [case, None, None, None]
