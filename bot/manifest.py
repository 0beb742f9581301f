"""The Slack app, described for Slack: paste it when you make the app."""

from typing import Any

SCOPES = (
    "app_mentions:read", "channels:history", "groups:history", "im:history", "channels:read", "groups:read",
    "chat:write", "commands", "reactions:read", "reactions:write", "users:read", "im:write",
    "files:read", "files:write", "users:read.email",
    "usergroups:read",
)  # fmt: skip
#: What we can do without, and what then is not so.
DISPENSABLE = {
    "users:read.email": "nobody is known by the address in their profile",
    "usergroups:read": "user groups give nobody a role",
}
EVENTS = (
    "message.channels", "message.groups", "message.im", "app_mention", "app_home_opened", "reaction_added",
    "reaction_removed", "member_joined_channel", "member_left_channel", "channel_shared", "channel_unshared",
    "channel_id_changed", "channel_archive", "channel_unarchive", "channel_left", "group_archive", "group_unarchive",
    "group_left", "subteam_members_changed", "app_uninstalled", "tokens_revoked",
)  # fmt: skip


#: What colleagues find in the menu of a message: name, callback, what it does.
SHORTCUTS = (
    ("Draft a reply", "draft_reply", "Suggest a reply for this thread"),
    ("Check my wording", "check_wording", "What a customer may hear as distrust"),
    ("Set follow-up", "set_followup", "The personal message after this case"),
    ("Track or untrack", "toggle_track", "Take up this thread, or leave it alone"),
)
#: What stops working without a scope, for `tillid check`.
NEEDED_FOR = {
    "app_mentions:read": "questions where the app is mentioned",
    "channels:history": "public channels, and the shortcuts there",
    "groups:history": "the triage channel and other private ones, and the shortcuts there",
    "im:history": "questions in direct messages",
    "im:write": "a colleague's morning message, and warnings to one person alone",
    "commands": "/tillid and the four message shortcuts",
    "reactions:read": "eyes, check mark and ticket as reactions",
    "chat:write": "cards and replies",
    "users:read": "who wrote",
    "files:read": "files of customers",
    "files:write": "copies of files for colleagues",
}


def named_scope(scope: str) -> str:
    """A scope with what does not work without it."""
    needed_for = NEEDED_FOR.get(scope)
    return f"{scope} ({needed_for})" if needed_for else scope


def manifest(http: str = "") -> dict[str, Any]:
    """The manifest; with `http`, your public URL, for HTTP instead of Socket Mode."""
    url = f"{http.rstrip('/')}/slack/events" if http else ""
    request = {"request_url": url} if url else {}
    command = {
        "command": "/tillid",
        "description": "The support queue and the numbers",
        "should_escape": True,
    }
    command["usage_hint"] = "queue | due | stats week | help"
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Tillid",
            "description": "Drafts trusting answers for the support team to review",
            "background_color": "#1F2937",
        },
        "features": {
            "bot_user": {"display_name": "Tillid", "always_online": False},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "shortcuts": [
                {"name": name, "type": "message", "callback_id": callback_id, "description": does}
                for name, callback_id, does in SHORTCUTS
            ],
            "slash_commands": [{**command, **({"url": url} if url else {})}],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**request, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **request},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }
