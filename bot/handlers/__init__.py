"""The list of everything that can call us. A handler translates and hands over; it decides nothing."""

import re

from slack_bolt.async_app import AsyncApp

from bot.handlers.slack_actions import Actions
from bot.handlers.slack_cases import Cases
from bot.handlers.slack_commands import Commands
from bot.handlers.slack_customer import Customers
from bot.handlers.slack_events import Events
from bot.handlers.slack_files import ReceivedFiles
from bot.handlers.slack_home import Homes
from bot.handlers.slack_nudges import Nudges
from bot.handlers.slack_questions import Questions
from bot.handlers.slack_queue import Queue
from bot.handlers.slack_reactions import Reactions
from bot.handlers.slack_rooms import ChannelEvents
from bot.handlers.slack_shortcuts import Shortcuts
from bot.handlers.slack_speech import Speech
from bot.handlers.slack_stacks import Stacks
from bot.handlers.slack_submissions import Submissions
from bot.handlers.slack_views import Views
from bot.handlers.slack_wordings import Wordings
from bot.parts import Parts

__all__ = ["register"]


def register(app: AsyncApp, parts: Parts) -> Events:
    """Connect Slack's events, buttons, windows and commands."""
    events = Events(parts)
    app.middleware(Speech(parts).choose)
    # Bolt acknowledges an event before its listener runs, so a listener is too late: a middleware that raises
    # means no acknowledgement, and Slack delivers again.
    app.middleware(events.keep)
    app.middleware(Reactions(parts).keep)
    homes = Homes(parts)
    app.middleware(homes.keep)
    app.middleware(ChannelEvents(parts).keep)
    app.middleware(Questions(parts).keep)
    _cards(app, parts)
    _people(app, parts)
    _windows(app, parts)
    app.action("home_language")(homes.choose_language)
    app.command("/tillid")(Commands(parts).run)

    # An event without a listener is answered 404 and not acknowledged; an unknown button shows a warning sign.
    app.event(re.compile(".*"))(events.done)
    app.action(re.compile(".*"))(Actions(parts).nothing)
    return events


def _cards(app: AsyncApp, parts: Parts) -> None:
    """What is pressed on cards and on posts about refunds."""
    actions = Actions(parts)
    app.action("card_send")(actions.send)
    app.action("card_retry")(actions.retry)
    app.action("card_undo")(actions.undo)
    app.action("card_order")(actions.choose_order)
    app.action("card_apart")(actions.take_apart)
    app.action("promise_kept")(actions.keep_promise)
    app.action("refund_approve")(actions.approve)
    app.action("refund_decline")(actions.decline)
    app.action("refund_done")(actions.done)
    app.action("refund_failed")(actions.failed)

    views = Views(parts)
    app.action("card_edit")(views.edit)
    app.action("card_refund")(views.refund)
    app.action("card_follow_up")(views.follow_up)
    app.action("card_resolve")(views.resolve)
    app.action("card_dismiss")(views.dismiss)
    app.action("card_more")(views.more)
    app.action("use_kinder")(views.use_kinder)
    app.action("card_files")(ReceivedFiles(parts).open)

    cases = Cases(parts)
    app.action("card_case")(cases.menu)
    app.action("card_reopen")(cases.reopen)
    app.view("hand_over")(cases.hand_over)
    app.view("snooze")(cases.snooze)

    queue = Queue(parts)
    app.action("queue_next")(queue.next)


def _people(app: AsyncApp, parts: Parts) -> None:
    """The customer card, and who is the same person."""
    customers = Customers(parts)
    app.action("card_customer")(customers.open)
    app.action("card_confirm_person")(customers.confirm)
    app.action("join_same")(customers.same)
    app.action("join_other")(customers.other)
    app.action("join_part")(customers.part)
    app.action("note_remove")(customers.remove_note)
    app.view("customer")(customers.save_note)


def _windows(app: AsyncApp, parts: Parts) -> None:
    """What is sent off or pressed in a window, and the shortcuts that open one."""
    stacks = Stacks(parts)
    app.action("stack_open")(stacks.open)
    app.action("stack_take_out")(stacks.take_out)
    app.action("stack_close")(stacks.close)
    app.action("stack_leave")(stacks.leave)
    app.action("stack_undo")(stacks.undo)
    app.action("stack_undo_own")(stacks.undo_own)
    app.view("stack")(stacks.send)

    nudges = Nudges(parts)
    app.action("nudge_better")(nudges.better)
    app.action("nudge_fine")(nudges.fine)
    app.action("nudge_more")(nudges.more)
    app.action("quiet_unmute")(nudges.unmute)

    wordings = Wordings(parts)
    app.view("wording_choose")(wordings.choose)
    app.view("wording_edit")(wordings.save)
    app.action("wording_versions")(wordings.versions)
    app.action("wording_undo")(wordings.undo)
    app.action("wording_bring_back")(wordings.bring_back)

    submissions = Submissions(parts)
    app.view("edit_reply")(submissions.edit_reply)
    app.view("refund")(submissions.refund)
    app.view("follow_up")(submissions.follow_up)
    app.view("dismiss")(submissions.dismiss)
    app.view("correct_intent")(submissions.correct_intent)

    shortcuts = Shortcuts(parts)
    app.message_shortcut("draft_reply")(shortcuts.draft)
    app.message_shortcut("check_wording")(shortcuts.wording)
    app.message_shortcut("set_followup")(shortcuts.follow_up)
    app.message_shortcut("toggle_track")(shortcuts.track)
    app.view("untrack")(shortcuts.untrack)
