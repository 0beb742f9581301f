"""What on a Home is its reader's own: what they promised, remarks on their wording, and the language they read."""

from bot.cards import labels
from bot.cards.elements import button, context, header, mrkdwn, option, section
from bot.cards.home_rows import listed, more, opening, who
from bot.cards.home_shapes import HomeView, PromisedRow, RemarkRow
from bot.cards.nudges import BETTER
from bot.cards.shapes import Block
from bot.cards.texts import escaped, instant, line, quoted, sentence
from bot.speech import SPOKEN, mark, say

MOST_PROMISED, MOST_REMARKS = 6, 5
LANGUAGE = "home_language"
#: The menu's value for no choice of one's own: Slack takes no empty one.
AS_IN_CHANNEL = "channel"


# ---- what was promised


def promised(view: HomeView) -> list[Block]:
    """The dates that the reader is to keep, broken ones first."""
    nothing = say(
        "None this week. When a text of yours names a day, it stands here until you have written again, pressed "
        "*Kept* on the card, or solved the case."
    )
    rows = [_promised_row(row) for row in view.promised[:MOST_PROMISED]]
    way = mark("And {number} more: `/tillid due` shows more")
    return listed(say("Promises due"), [*rows, *more(view.promised_in_all, len(rows), way)], nothing)


def _promised_row(row: PromisedRow) -> Block:
    until = escaped(line(row.until, 60))
    due = say("*broken: promised for {day}*", day=until) if row.is_broken else say("for {day}", day=until)
    words = line(row.sentence, 140)
    return context(
        who(row.customer_name, quoted(words) if words else say("a date we gave")),
        mrkdwn(due),
        opening(row.link),
    )


# ---- remarks


def remarks(view: HomeView) -> list[Block]:
    """What was remarked on to the reader in a week: in the thread it is gone when Slack is loaded anew."""
    nothing = say(
        "None in the last 7 days. When you answer by hand and a customer could take a sentence as distrust, you "
        "alone are told, in the thread and here."
    )
    rows = [_remark_row(row) for row in view.remarks[:MOST_REMARKS]]
    rows += [context(say("Only you can see these. Your messages stand as you wrote them."))] if rows else []
    return listed(say("Remarks on your wording"), rows, nothing)


def _remark_row(row: RemarkRow) -> Block:
    said = escaped(line(row.sentence, 200, otherwise=say("your words")), 400)
    what = escaped(labels.named(labels.CATEGORIES, line(row.category, 40)), 100)
    why = escaped(sentence(line(row.why, 300, otherwise=say("A customer may hear distrust in it."))), 600)
    kinder = escaped(line(row.kinder, 600), 1200)
    fine = say("You said it is fine as it is.") if row.is_fine else ""
    lines = [
        f"{instant(row.at)} · *{quoted(said)}*",
        " ".join(filter(None, (f"{what}. {why}", fine))),
        say("Kinder: {words}", words=kinder) if kinder else "",
    ]
    return {
        **section("\n".join(filter(None, lines))),
        "block_id": f"nudge:{row.nudge_id}",
        "accessory": button(say("Show Better Wording"), BETTER, str(row.nudge_id)),
    }


# ---- the language


def language_choice(chosen: str) -> list[Block]:
    """In which language the reader wants to be spoken to."""
    learn = say(
        "What only you see from Tillid is in this language: your Home, windows, and direct messages. Cards in the "
        "channel keep the channel's, and customers are answered in theirs."
    )
    options = [option(name, code) for code, name in SPOKEN.items()]
    options.append(option(say("As in the channel"), AS_IN_CHANNEL))
    value = chosen if chosen in SPOKEN else AS_IN_CHANNEL
    menu: Block = {
        "type": "static_select",
        "action_id": LANGUAGE,
        "options": options,
        "initial_option": next(each for each in options if each["value"] == value),
    }
    return [header(say("Language")), {**section(learn), "block_id": LANGUAGE, "accessory": menu}]
