"""A stored message as it was heard: for drafting an answer to it again."""

from bot.messages import Channel, IncomingMessage
from storage.tables import Message


def as_incoming(message: Message) -> IncomingMessage:
    """As the reader handed it over, but for who sent it. What the shop told us says not what a customer wants."""
    told_us = message.kind == "event"
    return IncomingMessage(
        channel=Channel.SLACK if message.ts else Channel.EMAIL,
        message_id=message.message_id or message.ts or "",
        sender="",
        sender_name=message.sender_name,
        subject="",
        text="" if told_us else message.text,
        reply="" if told_us else message.reply,
        authentication=message.authentication,
    )
