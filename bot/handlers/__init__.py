"""The list of everything that can call us. A handler translates and hands over; it decides nothing."""

import re

from slack_bolt.async_app import AsyncApp

from bot.handlers.slack_actions import Actions
from bot.handlers.slack_commands import Commands
from bot.handlers.slack_customer import Customers
from bot.handlers.slack_events import Events
from bot.handlers.slack_files import ReceivedFiles
from bot.handlers.slack_submissions import Submissions
from bot.handlers.slack_views import Views
from bot.parts import Parts

__all__ = ["register"]


def register(app: AsyncApp, parts: Parts) -> Events:
    """Connect Slack's events, buttons, windows and commands."""
    events = Events(parts)
    # Bolt acknowledges an event before its listener runs, so a listener is too late: a middleware that raises
    # means no acknowledgement, and Slack delivers again.
    app.middleware(events.keep)

    actions = Actions(parts)
    app.action("card_send")(actions.send)
    app.action("card_retry")(actions.retry)
    app.action("card_order")(actions.choose_order)
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

    customers = Customers(parts)
    app.action("card_customer")(customers.open)
    app.action("card_confirm_person")(customers.confirm)
    app.action("join_same")(customers.same)
    app.action("join_other")(customers.other)
    app.action("join_part")(customers.part)
    app.action("note_remove")(customers.remove_note)
    app.view("customer")(customers.save_note)

    submissions = Submissions(parts)
    app.view("edit_reply")(submissions.edit_reply)
    app.view("refund")(submissions.refund)
    app.view("follow_up")(submissions.follow_up)
    app.view("dismiss")(submissions.dismiss)
    app.view("correct_intent")(submissions.correct_intent)

    app.command("/tillid")(Commands(parts).run)

    # An event without a listener is answered 404 and not acknowledged; an unknown button shows a warning sign.
    app.event(re.compile(".*"))(events.done)
    app.action(re.compile(".*"))(actions.nothing)
    return events
