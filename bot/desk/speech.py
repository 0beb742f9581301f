"""Which language a colleague reads from us alone."""

from datetime import datetime

from sqlmodel import Session

from bot.desk.press import acting
from bot.errors import Refused
from bot.speech import SPOKEN, say
from storage import agents, audit, homes


def choose_language(session: Session, slack_user_id: str, language: str, now: datetime) -> None:
    """Speak to this colleague in that language from now on, empty: as in the channel; their Home is made anew at once.

    Raises Refused for strangers, and for a language we do not speak.
    """
    agent = acting(session, slack_user_id)
    if language and language not in SPOKEN:
        raise Refused(say("Choose one of the languages in the menu."))
    if agent.language != language:
        agents.choose_language(session, agent, language)
        audit.record(session, "language_chosen", now, agent_id=agent.id, language=language)
    homes.renew_now(session, slack_user_id, now)
