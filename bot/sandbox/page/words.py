"""Slack's markup as safe HTML: names instead of ids, moments in the house's time, links that stay links."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot.sandbox.workspace import Workspace

#: Characters that no text of a person needs: they mark the pieces that are ready.
OPEN, CLOSE = "\ue000", "\ue001"
HELD = re.compile(f"{OPEN}(\\d+){CLOSE}")
TOKEN = re.compile(r"<([^<>]+)>")
DATE = re.compile(r"!date\^(\d{1,11})\^([^|^]*)(?:\^([^|]*))?(?:\|(.*))?", re.DOTALL)
LEAF_STYLES = {
    "code": Markup("<code>{}</code>"),
    "bold": Markup("<strong>{}</strong>"),
    "italic": Markup("<em>{}</em>"),
    "strike": Markup("<s>{}</s>"),
}
STYLES = (
    (re.compile(r"(?<![\w*])\*(?![\s*])([^*\n]+?)(?<!\s)\*(?![\w*])"), "strong"),
    (re.compile(r"(?<!\w)_(?![\s_])([^_\n]+?)(?<!\s)_(?!\w)"), "em"),
    (re.compile(r"(?<!\w)~(?![\s~])([^~\n]+?)(?<!\s)~(?!\w)"), "s"),
)
CODE = re.compile(r"```\n?(.+?)```|`([^`\n]+)`", re.DOTALL)
QUOTE = re.compile(r"(?:^|(?<=\n))(?:&gt; ?[^\n]*(?:\n|$))+")
LINKS = ("https://", "http://", "mailto:")


class Words:
    """Turns texts of one workspace into HTML; everything that people wrote comes out escaped."""

    def __init__(self, workspace: Workspace, zone: ZoneInfo) -> None:
        self._workspace = workspace
        self.zone = zone

    def mrkdwn(self, text: str) -> Markup:
        """Text as Slack stores it: `&`, `<` and `>` escaped, mentions and dates in brackets."""
        held: list[Markup] = []

        def hold(markup: Markup) -> str:
            held.append(markup)
            return f"{OPEN}{len(held) - 1}{CLOSE}"

        text = text.replace(OPEN, "").replace(CLOSE, "")
        text = CODE.sub(lambda found: hold(_code(found)), text)
        text = TOKEN.sub(lambda found: hold(self._token(found[1])), text)
        shown = str(escape(_unescaped(text)))
        for pattern, tag in STYLES:
            shown = pattern.sub(rf"<{tag}>\1</{tag}>", shown)
        shown = QUOTE.sub(_quote, shown)
        # All that people wrote was escaped above; what is put back in was made by `hold`, escaped as well.
        return Markup(HELD.sub(lambda found: str(held[int(found[1])]), shown))  # noqa: S704  # nothing raw is left in it

    def leaf(self, leaf: Mapping[str, Any]) -> Markup:
        """One element of rich text."""
        shown = self._leaf(leaf)
        for style, styled in LEAF_STYLES.items():
            if leaf.get("style", {}).get(style):
                shown = styled.format(shown)
        return shown

    def _leaf(self, leaf: Mapping[str, Any]) -> Markup:
        match leaf["type"]:
            case "user":
                return self._mention(str(leaf["user_id"]))
            case "channel":
                return self._channel(str(leaf["channel_id"]))
            case "link":
                return _link(str(leaf["url"]), str(leaf.get("text") or leaf["url"]))
            case "emoji":
                return escape(f":{leaf['name']}:")
            case "date":
                return self._date(int(leaf["timestamp"]), str(leaf["format"]))
            case "broadcast":
                return _mark(f"@{leaf['range']}")
            case _:
                return escape(str(leaf.get("text", "")))

    def name(self, user_id: str) -> str:
        """What a person is called."""
        user = self._workspace.users.get(user_id)
        return (user.real_name or user.name) if user else user_id

    def at(self, moment: datetime | str | float) -> str:
        """A moment, or a ts, as the list of messages shows it."""
        if not isinstance(moment, datetime):
            moment = datetime.fromtimestamp(float(moment), tz=UTC)
        day, clock = self._day(moment, short=True), moment.astimezone(self.zone)
        return f"{clock:%H:%M}" if day == "today" else f"{day}, {clock:%H:%M}"

    def minute(self, seconds: float | None) -> str:
        """Seconds since 1970 as a datetime-local field takes them."""
        if seconds is None:
            return ""
        return f"{datetime.fromtimestamp(seconds, tz=self.zone):%Y-%m-%dT%H:%M}"

    def _day(self, moment: datetime, *, short: bool) -> str:
        local, today = moment.astimezone(self.zone), self._workspace.now().astimezone(self.zone).date()
        near = {0: "today", 1: "tomorrow", -1: "yesterday"}
        apart = (local.date() - today) // timedelta(days=1)
        if apart in near:
            return near[apart]
        year = "" if local.year == today.year else f" {local.year}"
        return (
            f"{local:%a} {local.day} {local:%b}{year}"
            if short
            else f"{local:%A} {local.day} {local:%B}{year}"
        )

    def _date(self, seconds: int, pattern: str) -> Markup:
        moment = datetime.fromtimestamp(seconds, tz=UTC)
        local = moment.astimezone(self.zone)

        def part(found: re.Match[str]) -> str:
            match found[1]:
                case "time":
                    return f"{local:%H:%M}"
                case "time_secs":
                    return f"{local:%H:%M:%S}"
                case "date_num":
                    return f"{local:%Y-%m-%d}"
                case kind:
                    return self._day(moment, short="short" in kind)

        shown = re.sub(r"\{(\w+)\}", part, pattern)
        return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), shown)

    def _token(self, inside: str) -> Markup:
        target, _, label = inside.partition("|")
        label = _unescaped(label)
        if found := DATE.fullmatch(inside):
            return self._date(int(found[1]), _unescaped(found[2]))
        if target.startswith("@"):
            return self._mention(target[1:])
        if target.startswith("#"):
            return self._channel(target[1:], label)
        if target.startswith("!"):
            return _mark(f"@{label or target[1:]}")
        return _link(_unescaped(target), label or _unescaped(target))

    def _mention(self, user_id: str) -> Markup:
        return _mark(f"@{self.name(user_id)}")

    def _channel(self, channel_id: str, label: str = "") -> Markup:
        channel = self._workspace.channels.get(channel_id)
        return _mark(f"#{channel.name if channel else label or channel_id}")


def _mark(text: str) -> Markup:
    return Markup('<span class="mention">{}</span>').format(text)


def _link(url: str, label: str) -> Markup:
    if not url.startswith(LINKS):
        return escape(label)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(url, label)


def _code(found: re.Match[str]) -> Markup:
    if found[1]:
        return Markup("<pre>{}</pre>").format(_unescaped(found[1]))
    return LEAF_STYLES["code"].format(_unescaped(found[2]))


def _quote(found: re.Match[str]) -> str:
    lines = [line.removeprefix("&gt;").removeprefix(" ") for line in found[0].rstrip("\n").split("\n")]
    quoted = "\n".join(lines)
    return f"<blockquote>{quoted}</blockquote>"


def _unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
