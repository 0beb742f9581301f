"""What the page shows: gathered from the stage for one window, read-only but for mails that get opened."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.sandbox.page.cast import Customer, Example
from bot.sandbox.page.letters import Thread
from bot.sandbox.page.looking import Looking
from bot.sandbox.page.playground import Playground
from bot.sandbox.records import Channel, Ephemeral, Json, Message, User, View

NOBODY = Customer("", "")


@dataclass(frozen=True, slots=True)
class Chip:
    """One customer to play."""

    name: str
    address: str
    #: Threads with something unread.
    new: int


@dataclass(frozen=True, slots=True)
class CustomerPanel:
    """The left of the page."""

    chips: tuple[Chip, ...]
    customer: Customer
    is_stranger: bool
    mails: tuple[Thread, ...]
    opened: Thread | None
    example: Example
    chat: tuple[Example, ...]
    chat_example: Example
    #: What the guest sees in the shared channel.
    said: tuple["Entry", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as its channel shows it."""

    ts: str
    user: User
    text: str
    blocks: Sequence[Json]
    is_bot: bool
    #: Only this person sees it.
    is_ephemeral: bool
    is_edited: bool
    files: tuple[str, ...]
    reactions: tuple[tuple[str, int], ...]
    replies: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class SlackPanel:
    """The middle of the page."""

    person: User
    people: tuple[tuple[User, str], ...]
    channels: tuple[Channel, ...]
    channel: Channel
    entries: tuple[Entry, ...]
    view: View | None
    objections: dict[str, str]


def customer_panel(ground: Playground, looking: Looking) -> CustomerPanel:
    """The customers, and the mailbox of the one who is played."""
    ground.letters.take_in(ground.stage.mail.mails)
    if looking.mail:
        ground.letters.open(looking.mail)
    names = {each.address: each.name for each in ground.cast.customers}
    names = {**names, **{box: name for box, name in ground.letters.boxes().items() if box not in names}}
    chips = tuple(Chip(name, address, _unread(ground, address)) for address, name in names.items())
    you = looking.you if looking.you in names else ""
    customer = _customer(ground, looking, you, names)
    mails = tuple(ground.letters.threads(customer.address))
    return CustomerPanel(
        chips=chips,
        customer=customer,
        is_stranger=looking.you == "new",
        mails=mails,
        opened=next((each for each in mails if each.key == looking.mail), None),
        example=_example(customer.mails, looking.example),
        chat=ground.cast.chat,
        chat_example=_example(ground.cast.chat, looking.example),
        said=_entries(ground, ground.stage.guest, ground.stage.shared),
    )


def slack_panel(ground: Playground, looking: Looking) -> SlackPanel:
    """What the chosen person sees in Slack."""
    user, channel = ground.person(looking), ground.channel(looking)
    view = ground.stage.slack.people.screen(user.id)
    return SlackPanel(
        person=user,
        people=ground.people,
        channels=tuple(ground.channels(user)),
        channel=channel,
        entries=_entries(ground, user, channel),
        view=view,
        objections=ground.objections.get(view.id, {}) if view else {},
    )


def _unread(ground: Playground, address: str) -> int:
    return sum(each.is_new for each in ground.letters.threads(address))


def _customer(ground: Playground, looking: Looking, you: str, names: dict[str, str]) -> Customer:
    if looking.you == "new":
        return NOBODY
    if not you:
        return ground.cast.customers[0]
    return ground.cast.customer(you) or Customer(names[you], you)


def _example(examples: Sequence[Example], number: str) -> Example:
    index = int(number) - 1 if number.isdigit() and len(number) < 4 else -1
    return examples[index] if 0 <= index < len(examples) else Example("", "", "")


def _entries(ground: Playground, user: User, channel: Channel) -> tuple[Entry, ...]:
    workspace = ground.stage.workspace
    shown: list[Message | Ephemeral] = list(workspace.messages.get(channel.id, []))
    shown += [
        each for each in workspace.ephemerals if (each.channel_id, each.user_id) == (channel.id, user.id)
    ]
    shown.sort(key=lambda each: float(each.ts))
    roots = {each.ts for each in shown if each.thread_ts in (None, "", each.ts)}
    replies: dict[str, list[Entry]] = {}
    for each in shown:
        if each.ts not in roots:
            root = str(each.thread_ts)
            replies.setdefault(root, []).append(_entry(ground, each))
    return tuple(_entry(ground, each, tuple(replies.get(each.ts, ()))) for each in shown if each.ts in roots)


def _entry(ground: Playground, shown: Message | Ephemeral, replies: tuple[Entry, ...] = ()) -> Entry:
    workspace = ground.stage.workspace
    is_ephemeral = isinstance(shown, Ephemeral)
    user = workspace.bot if isinstance(shown, Ephemeral) else workspace.users[shown.user_id]
    files: tuple[str, ...] = ()
    reactions: tuple[tuple[str, int], ...] = ()
    if isinstance(shown, Message):
        files = tuple(workspace.files[each].name for each in shown.file_ids if each in workspace.files)
        reactions = tuple((name, len(users)) for name, users in shown.reactions.items())
    return Entry(
        ts=shown.ts,
        user=user,
        text=shown.text,
        blocks=shown.blocks,
        is_bot=user.is_bot,
        is_ephemeral=is_ephemeral,
        is_edited=isinstance(shown, Message) and shown.edited is not None and not user.is_bot,
        files=files,
        reactions=reactions,
        replies=replies,
    )
