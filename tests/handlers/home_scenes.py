"""Somebody opens the app, and what they read there."""

from datetime import timedelta

from case_scenes import Office

from bot.sandbox.records import Json, User

SECONDS = timedelta(seconds=1)


async def opened(office: Office, user: User) -> str:
    """What somebody reads who opens their Home, more than ten seconds after they last did."""
    await office.stage.move_clock(11 * SECONDS)
    await office.people.open_home(user.id)
    await office.stage.idle()
    return shown(office, user)


def shown(office: Office, user: User) -> str:
    return str(home_of(office, user)["blocks"])


def home_of(office: Office, user: User) -> Json:
    return office.stage.workspace.homes[user.id].payload
