"""Whose words a raw item of the inbox holds."""

import json

from bot import chat
from bot.errors import MalformedMessage
from bot.mail.reading import parse_mail
from storage import inbox
from storage.erasing_traffic import Arrival
from storage.persons import WholePerson
from storage.tables import AddressKind


def wrote(arrival: Arrival, person: WholePerson) -> bool:
    """Whether the person wrote it themselves. What nobody can read, and names them, counts as theirs."""
    emails, slack = person.values(AddressKind.EMAIL), person.values(AddressKind.SLACK)
    try:
        if arrival.kind in inbox.MAIL:
            mail = parse_mail(arrival.raw)
            return bool({mail.sender, mail.reply_to} & emails)
        event = chat.parse_event(json.loads(arrival.raw))
    except (MalformedMessage, ValueError):
        return True
    return any(each.rpartition(":")[2] == event.sender for each in slack)
