"""The way into a mailbox: a connection, and a password or a token."""

import re
import ssl

from bot.imap import troubles
from bot.imap.line import Client
from bot.imap.place import Place, quoted
from bot.imap.session import DEADLINE, ImapSession
from bot.imap.troubles import ImapTrouble, LoginRefused
from bot.oauth_tokens import Tokens

#: What some servers say to a right password when there are too many of us.
FULL = re.compile(rb"\[(?:UNAVAILABLE|INUSE|LIMIT)\]|too many", re.IGNORECASE)


async def connect(place: Place, tokens: Tokens | None = None, deadline: float = DEADLINE) -> ImapSession:
    """Connected and logged in: with the password of the URL, or else with a token.

    A refused token is got anew, once. Raises TemporaryFailure with the reason in plain words.
    """
    if place.password or tokens is None:
        return await _logged_in(place, "", deadline)
    token = await tokens.access_token()
    try:
        return await _logged_in(place, token, deadline)
    except LoginRefused:
        tokens.forget(token)
    return await _logged_in(place, await tokens.access_token(), deadline)


async def _logged_in(place: Place, token: str, deadline: float) -> ImapSession:
    context = ssl.create_default_context() if place.is_secure else None
    client = Client(place.host, place.port, timeout=deadline, ssl_context=context)
    session = ImapSession(client, deadline)
    try:
        await session.answer(client.wait_hello_from_server())
        if token:
            answer = await session.answer(client.xoauth2(place.user, token))
        else:
            answer = await session.answer(client.login(quoted(place.user), place.password))
        if answer.result != "OK":
            if FULL.search(b" ".join(bytes(line) for line in answer.lines)):
                raise ImapTrouble(troubles.BUSY)
            raise LoginRefused(troubles.NO_TOKEN if token else troubles.NO_PASSWORD)
        # Many servers say only now what they can do.
        await session.answer(client.protocol.capability())
    except BaseException:
        session.hang_up()
        raise
    return session
