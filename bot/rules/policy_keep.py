"""How long things are kept, as the policy's section `keep` tells it. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.rules.policy_document import Section

_MOST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Keep:
    """Days by kind. Notes carry their own end."""

    #: After the conversation was resolved.
    messages: int
    attachments: int
    drafts: int
    #: Mails and events as they came in, after they were worked through.
    raw: int
    audit: int
    #: After the end of the year.
    orders: int
    #: Of forgotten people's addresses, after they were forgotten; 0: none are made.
    fingerprints: int

    def before(self, kind: str, now: datetime) -> datetime:
        """What of that kind is older than this is forgotten now."""
        cut = now - timedelta(days=int(getattr(self, kind)))
        return datetime(cut.year, 1, 1, tzinfo=UTC) if kind == "orders" else cut


def parse_keep(whole: Section) -> Keep:
    """The section `keep`. Raises ConfigError naming the key and the remedy."""
    kinds = tuple(Keep.__dataclass_fields__)
    section = whole.section("keep", kinds)
    least = {"fingerprints": 0}
    return Keep(**{kind: section.whole(kind, least.get(kind, 1), _MOST_DAYS) for kind in kinds})
