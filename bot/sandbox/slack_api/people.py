"""users.*, usergroups.*, team.*, auth.*: who everybody is, the app itself among them."""

from bot.sandbox.records import Json
from bot.sandbox.shown import user_json
from bot.sandbox.slack_api.calls import Arguments, Context, SlackError, page


def api_test(_context: Context, arguments: Arguments) -> Json:
    """Always well, or the error asked for."""
    if "error" in arguments:
        raise SlackError(arguments["error"])
    return {"args": dict(arguments)}


def auth_test(context: Context, _arguments: Arguments) -> Json:
    """Who the token belongs to."""
    workspace = context.workspace
    return {
        "url": "https://sandbox.slack.com/",
        "team": workspace.teams[workspace.team_id],
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def users_info(context: Context, arguments: Arguments) -> Json:
    """One user; the locale only where it was asked for, and never of externals."""
    user = context.workspace.users.get(arguments["user"])
    if user is None:
        raise SlackError("user_not_found")
    shown = user_json(context.workspace, user)
    if not arguments.get("include_locale"):
        shown.pop("locale", None)
    return {"user": shown}


def users_list(context: Context, arguments: Arguments) -> Json:
    """The people of this workspace; externals are not listed."""
    members = [
        user_json(context.workspace, user)
        for user in context.workspace.users.values()
        if not context.workspace.is_external(user)
    ]
    rows, more = page(members, arguments)
    return {"members": rows, "response_metadata": more}


def user_group_users(context: Context, arguments: Arguments) -> Json:
    """Members of a user group; on the free plan, which is the default, `plan_upgrade_required`."""
    if "usergroups:read" not in context.workspace.scopes:
        raise SlackError("missing_scope")
    groups = context.workspace.user_groups
    if groups is None:
        raise SlackError("plan_upgrade_required")
    if arguments["usergroup"] not in groups:
        raise SlackError("no_such_subteam")
    return {"users": groups[arguments["usergroup"]]}


def team_info(context: Context, arguments: Arguments) -> Json:
    """The workspace, or a connected organisation."""
    team_id = arguments.get("team", context.workspace.team_id)
    if team_id not in context.workspace.teams:
        raise SlackError("team_not_found")
    return {"team": {"id": team_id, "name": context.workspace.teams[team_id], "domain": "sandbox"}}
