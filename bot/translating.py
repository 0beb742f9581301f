"""One raw item of the inbox as a message, whatever channel it came by."""

import asyncio
import json
from dataclasses import replace
from functools import partial

from bot import chat
from bot.mail.reading import parse_mail
from bot.messages import Channel, IncomingMessage
from bot.parts import Parts
from storage import inbox


async def translate(parts: Parts, item: inbox.Claimed) -> IncomingMessage:
    """The raw item as a message. Raises MalformedMessage where there is nothing to read."""
    if item.kind in inbox.MAIL:
        parse = partial(
            parse_mail,
            # In the Sent folder our own address is a colleague's, and what counts is who wrote by hand.
            own_addresses=frozenset() if item.kind == inbox.SENT_ELSEWHERE else parts.places.own_addresses,
            trusted_authserv_ids=parts.house.authserv_ids,
            form_senders=parts.house.forms,
        )
        return await asyncio.to_thread(parse, item.raw)
    incoming = chat.parse_event(json.loads(item.raw))
    return await _introduced(parts, incoming)


async def _introduced(parts: Parts, incoming: IncomingMessage) -> IncomingMessage:
    """With what the author's profile tells and Slack's event leaves out."""
    if parts.find_person is None or incoming.channel is not Channel.SLACK:
        return incoming
    person = await parts.find_person(incoming.sender)
    if person is None:
        return incoming
    return replace(
        incoming,
        sender_name=person.name,
        sender_team=incoming.sender_team or person.team,
        sender_email=person.email,
        sender_is_guest=person.is_guest and person.team == incoming.team,
    )
