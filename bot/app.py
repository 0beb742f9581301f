"""The composition root: the one place that builds the engine, the senders and the clock, and starts what is wanted."""

import asyncio
import signal
import socket
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.among_ourselves import guarded
from bot.errors import ConfigError
from bot.handlers import clock as clock_handlers
from bot.handlers.mailbox import Mailbox
from bot.handlers.web import application
from bot.house import House, open_house
from bot.mail.identities import addresses
from bot.mail_parts import copy_keeper, mail_tokens
from bot.oauth_tokens import OAuthTokens
from bot.orders_on_demand import find_orders
from bot.outbound.mail import MailSender
from bot.outbound.slack import SlackSender
from bot.outbound.slack_channels import ChannelLook
from bot.outbound.slack_erasing import SlackEraser
from bot.outbound.slack_files import SlackFileSender
from bot.outbound.slack_home import HomePublisher
from bot.outbound.slack_nudges import NudgeSender
from bot.parts import Parts, Places, Sender
from bot.rules.policy_warnings import warnings
from bot.running import Running, whenever
from bot.settings import PARTS, Part, Settings
from bot.slack_parts import finder, slack_client, start_slack
from bot.speech import speak
from storage.engine import connect
from storage.migrate import migrate

log = logs.get(__name__)
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The clock of the real world."""
    return datetime.now(UTC)


async def start(settings: Settings, *, clock: Clock = utc_now, only: Collection[Part] = PARTS) -> Running:
    """Build everything and start the wanted parts. Raises ConfigError, naming the setting."""
    house = await asyncio.to_thread(open_house, settings.tillid_house)
    _tell_about(house, clock())
    speak(house.desk_language)  # every task that begins here speaks like this
    engine = connect(settings.database_url)
    try:
        await asyncio.to_thread(migrate, engine)
    except DBAPIError as error:
        raise ConfigError(f"DATABASE_URL: the database cannot be opened ({error.orig})") from None
    client = slack_client(settings) if settings.slack_bot_token else None
    tokens = mail_tokens(settings, clock)
    parts = Parts(
        engine=engine,
        clock=clock,
        house=house,
        places=replace(await _places(settings, client), plus_address=house.plus_address),
        senders=_senders(settings, client, clock, tokens),
        find_person=finder(client) if client else None,
        find_orders=find_orders(
            settings.tillid_orders_url, settings.tillid_orders_secret, engine, clock, house
        ),
        orders_secret=settings.tillid_orders_secret,
    )
    if client is not None:
        parts = replace(parts, senders=guarded(parts, ChannelLook(client)))
    running = Running(parts)
    try:
        await _start_parts(running, settings, client, only, tokens)
    except BaseException:
        await running.stop()
        raise
    log.info("started", parts=" ".join(sorted(only)))
    return running


def _tell_about(house: House, now: datetime) -> None:
    """What `tillid check` would say about the house, for whoever only reads the log."""
    for problem in house.problems:
        log.warning("house_problem", problem=problem)
    for warning in warnings(house.policy, now.date()):
        log.warning("policy_warning", warning=warning)


async def _places(settings: Settings, client: AsyncWebClient | None) -> Places:
    own = {*addresses(settings.tillid_mail_from)}
    for url in settings.tillid_imap_url.split():
        user = unquote(urlsplit(url).username or "").lower()
        own |= {user} if "@" in user else set()
    team = ""
    if client is not None:
        try:
            team = str((await client.auth_test())["team_id"])
        except SlackApiError as error:
            code = error.response.get("error")
            raise ConfigError(
                f"SLACK_BOT_TOKEN: Slack refused it ({code}); copy it again from the app"
            ) from None
    return Places(
        team=team,
        triage_channel=settings.tillid_triage_channel,
        operators_channel=settings.operators_channel,
        mail_from=settings.tillid_mail_from,
        own_addresses=frozenset(own - {""}),
        shadow=settings.tillid_mode == "shadow",
    )


def _senders(
    settings: Settings, client: AsyncWebClient | None, clock: Clock, tokens: OAuthTokens | None
) -> dict[str, Sender]:
    senders: dict[str, Sender] = {}
    if settings.tillid_smtp_url:
        senders["mail"] = MailSender(
            settings.tillid_smtp_url,
            clock,
            public_url=settings.tillid_public_url,
            tokens=tokens,
            keep=copy_keeper(settings, tokens),
        )
    if client is not None:
        slack = SlackSender(client)
        posts = ("card", "stack", "note", "refund", "alert", "slack_reply", "answer", "digest")
        senders |= dict.fromkeys(posts, slack)
        senders["file"] = SlackFileSender(client)
        senders["erase_post"] = SlackEraser(client)
        senders["home"] = HomePublisher(client)
        senders["nudge"] = NudgeSender(client)
    return senders


async def _start_parts(
    running: Running,
    settings: Settings,
    client: AsyncWebClient | None,
    only: Collection[Part],
    tokens: OAuthTokens | None,
) -> None:
    if "slack" in only and client is not None:
        await start_slack(running, settings, client)
    if {"slack", "mail"} & set(only):
        running.start_task(whenever(running.parts.arrived, running.process_all))
    if "mail" in only:
        for url in settings.tillid_imap_url.split():
            mailbox = Mailbox(
                url,
                running.parts,
                poll_seconds=settings.tillid_poll_seconds,
                since=settings.tillid_imap_since,
                tokens=tokens,
                alert_after=timedelta(minutes=settings.tillid_mail_alert_minutes),
            )
            running.start_task(mailbox.run())
    if "deliver" in only:
        running.start_task(whenever(running.parts.written, running.deliver_all))
    _start_clock(running, settings, only)
    await _start_web(running, settings)


def _start_clock(running: Running, settings: Settings, only: Collection[Part]) -> None:
    every = timedelta(seconds=settings.tillid_tick_seconds)
    ticks: dict[str, tuple[clock_handlers.Tick, timedelta]] = {"tick": (running.tick, every)}
    if "clock" in only:
        ticks["remind"] = (running.remind_all, every)
        ticks["clean_up"] = (running.clean_up, timedelta(hours=1))
    if running.roster is not None:
        ticks["roster"] = (running.roster, timedelta(hours=1))
    running.scheduler = clock_handlers.ticker(
        {name: (running.held(tick), each) for name, (tick, each) in ticks.items()}
    )
    running.scheduler.start()
    running.parts.arrived.set()
    running.parts.written.set()
    running.last_tick = running.parts.clock()


async def _start_web(running: Running, settings: Settings) -> None:
    app = application(lambda: running.last_tick, running.parts.clock, running.parts)
    running.runner = web.AppRunner(app, access_log=None)
    await running.runner.setup()
    try:
        # On every interface, for it is asked from outside the container; one family, so that port 0 gives one port.
        listening = socket.create_server(("", settings.tillid_http_port))
        await web.SockSite(running.runner, listening).start()
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(f"TILLID_HTTP_PORT: cannot listen there ({reason}); choose another") from None
    running.http_port = running.runner.addresses[0][1]


async def run(settings: Settings, only: Collection[Part] = PARTS) -> int:
    """Run until a signal says stop; the exit status: 0, or 1 when a worker died and a restart is needed."""
    if not (settings.slack_bot_token or settings.tillid_imap_url):
        raise ConfigError(
            "SLACK_BOT_TOKEN and TILLID_IMAP_URL: both are empty, so there is nothing to listen to"
        )
    running = await start(settings, only=only)
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(each, stop.set)
    waits = [asyncio.create_task(event.wait()) for event in (stop, running.broken)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    await running.stop()
    return 1 if running.broken.is_set() else 0
