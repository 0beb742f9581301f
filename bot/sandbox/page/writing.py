"""What a customer's form of a mail does."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from email.errors import MessageError

from bot.sandbox.page.letters import Thread
from bot.sandbox.page.looking import Looking
from bot.sandbox.page.playground import Playground, Unable

#: Seconds a mail may take until the page answers without waiting for what it leads to.
PATIENCE = 8.0
SLOW = "The mail is in the mailbox; the program has not finished with it yet."


async def write_mail(ground: Playground, looking: Looking, form: Mapping[str, str]) -> Looking:
    """A customer writes to the house, or answers in a thread. Raises Unable, with words for the page."""
    thread = _thread(ground, looking) if form.get("answers") else None
    address = (thread.last.box if thread else form.get("address", "")).strip().lower()
    raw = _written(ground, address, form, thread)
    there = replace(looking, you=address, example="", said="")
    async with ground.turn:
        try:
            async with asyncio.timeout(PATIENCE):
                await ground.stage.receive(raw)
        except TimeoutError:
            return replace(there, said=ground.notices.keep(SLOW))
    return there


def _written(ground: Playground, address: str, form: Mapping[str, str], thread: Thread | None) -> bytes:
    customer = ground.cast.customer(address)
    answers = thread.to_answer if thread else None
    try:
        return ground.letters.write(
            _own_name(ground, address) if answers else form.get("name", ""),
            address,
            _again(answers.subject) if answers else form.get("subject", ""),
            form.get("text", ""),
            ground.stage.clock(),
            answers=answers,
            language=customer.language if customer else "en",
            zone=ground.zone,
        )
    except (ValueError, MessageError) as error:
        raise Unable(str(error)) from None


def _thread(ground: Playground, looking: Looking) -> Thread:
    found = [each for each in ground.letters.threads(looking.you) if each.key == looking.mail]
    if not found:
        raise Unable("This mail is not in the mailbox any more.")
    return found[0]


def _own_name(ground: Playground, address: str) -> str:
    customer = ground.cast.customer(address)
    return customer.name if customer else ground.letters.boxes().get(address, "")


def _again(subject: str) -> str:
    return subject if re.match(r"(?i)(re|sv|vs):", subject) else f"Re: {subject}".strip()
