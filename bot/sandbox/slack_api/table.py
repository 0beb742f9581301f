"""The methods this workspace knows, and the arguments each takes. Everything else is refused."""

from collections.abc import Mapping

from bot.sandbox.records import Json
from bot.sandbox.slack_api import chat, conversations, files, people, views
from bot.sandbox.slack_api.calls import (
    Arguments,
    Context,
    Method,
    SlackError,
    refuse_illegal_message,
    refuse_new_blocks,
)
from bot.sandbox.slackcheck import check_blocks, check_view

UNFURL = ("unfurl_links", "unfurl_media")
TEXT = ("text", "blocks", "parse", "link_names")
PAGE = ("cursor", "limit")
SPAN = (*PAGE, "oldest", "latest", "inclusive", "include_all_metadata")
REACTION = ("channel", "timestamp", "name")


def validate(context: Context, arguments: Arguments) -> Json:
    """blocks.validate: one of blocks, message and view, checked as a message or view would be."""
    given = [name for name in ("blocks", "message", "view") if name in arguments]
    if len(given) != 1:
        raise SlackError("invalid_arguments", "[ERROR] give one of blocks, message and view")
    if "message" in arguments:
        refuse_illegal_message(context, arguments["message"])
        return {}
    errors = check_view(arguments["view"]) if "view" in arguments else check_blocks(arguments["blocks"])
    refuse_new_blocks(context, arguments.get("blocks", []))
    if errors:
        raise SlackError("invalid_blocks", *errors)
    return {}


METHODS: Mapping[str, Method] = {
    "api.test": Method(people.api_test, (), ("error", "foo"), ""),
    "auth.test": Method(people.auth_test),
    "blocks.validate": Method(validate, (), ("blocks", "message", "view"), ""),
    "chat.postMessage": Method(
        chat.post_message,
        ("channel",),
        (*TEXT, *UNFURL, "thread_ts", "reply_broadcast", "mrkdwn", "metadata"),
    ),
    "chat.update": Method(
        chat.update, ("channel", "ts"), (*TEXT, *UNFURL, "reply_broadcast", "metadata", "mrkdwn")
    ),
    "chat.delete": Method(chat.delete, ("channel", "ts")),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("channel", "user"), (*TEXT, "thread_ts", "mrkdwn")),
    "chat.getPermalink": Method(chat.get_permalink, ("channel", "message_ts")),
    "conversations.info": Method(conversations.info, ("channel",), ("include_num_members", "include_locale")),
    "conversations.members": Method(conversations.members, ("channel",), PAGE),
    "conversations.list": Method(conversations.list_conversations, (), (*PAGE, "types", "exclude_archived")),
    "conversations.history": Method(conversations.history, ("channel",), SPAN),
    "conversations.replies": Method(conversations.replies, ("channel", "ts"), SPAN),
    "conversations.open": Method(conversations.open_conversation, ("users",), ("return_im",)),
    "users.info": Method(people.users_info, ("user",), ("include_locale",)),
    "users.list": Method(people.users_list, (), (*PAGE, "include_locale")),
    "usergroups.users.list": Method(people.user_group_users, ("usergroup",)),
    "team.info": Method(people.team_info, (), ("team",)),
    "views.open": Method(views.open_view, ("trigger_id", "view")),
    "views.push": Method(views.push_view, ("trigger_id", "view")),
    "views.update": Method(views.update_view, ("view",), ("view_id", "external_id", "hash")),
    "views.publish": Method(views.publish_view, ("user_id", "view"), ("hash",)),
    "reactions.add": Method(files.add_reaction, REACTION),
    "reactions.remove": Method(files.remove_reaction, REACTION),
    "reactions.get": Method(files.get_reactions, ("channel", "timestamp"), ("full",)),
    "files.getUploadURLExternal": Method(
        files.get_upload_url, ("filename", "length"), ("alt_txt", "snippet_type")
    ),
    "files.completeUploadExternal": Method(
        files.complete_upload, ("files",), ("channel_id", "thread_ts", "initial_comment", "blocks")
    ),
    "files.info": Method(files.info, ("file",)),
    "files.delete": Method(files.delete, ("file",)),
}
