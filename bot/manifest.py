"""The Slack app, described for Slack: paste it when you make the app."""

from typing import Any

SCOPES = (
    "app_mentions:read", "channels:history", "groups:history", "im:history", "channels:read", "groups:read",
    "chat:write", "commands", "reactions:read", "reactions:write", "users:read", "im:write",
    "files:read", "files:write",
)  # fmt: skip
EVENTS = (
    "message.channels", "message.groups", "message.im", "app_mention", "app_home_opened", "reaction_added",
    "reaction_removed", "member_joined_channel", "member_left_channel", "channel_shared", "channel_unshared",
    "channel_id_changed", "channel_archive", "app_uninstalled", "tokens_revoked",
)  # fmt: skip


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
