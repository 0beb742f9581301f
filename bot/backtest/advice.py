"""What a manager can do about a backtest, in sentences."""

from bot.backtest.summary import Summary

#: With a larger share than this of its mails unsure, a language or an intent is worth a look of its own.
MUCH_UNSURE = 0.3
#: And with at least so many mails: of one mail, one is no share.
ENOUGH_MAILS = 5


def advice(summary: Summary) -> list[str]:
    """What to do next, the most useful first; empty where nothing stands out."""
    if not summary.customers:
        return ["No mail of a customer was found: is this the inbox, and is our own address right (--ours)?"]
    return [*_about_the_archive(summary), *_about_the_drafts(summary)]


def _about_the_archive(summary: Summary) -> list[str]:
    said = []
    if not summary.own:
        said.append(
            "None of our own mails is here, so no real answer can stand beside a draft: give the sent mail as a "
            "second path, and our address with --ours."
        )
    elif not summary.answered:
        said.append("Our own mails answer none of these mails: are both from the same time?")
    if summary.unreadable:
        said.append(f"{summary.unreadable} could not be read: `tillid mail parse FILE` says how one is read.")
    return said


def _about_the_drafts(summary: Summary) -> list[str]:
    said = []
    unknown = summary.by_intent.get("other", 0)
    if unknown:
        said.append(
            f"{unknown} of {summary.customers} are about nothing we know, and got an open question: see what they "
            "share; words/ in the house folder can teach it."
        )
    unsure = [
        f"{name} ({share.unsure} of {share.mails})"
        for group in (summary.intents, summary.languages)
        for name, share in group.items()
        if name != "other" and share.mails >= ENOUGH_MAILS and share.unsure / share.mails > MUCH_UNSURE
    ]
    if unsure:
        said.append(
            f"Often unsure: {', '.join(unsure)}. Read some of these beside the real answers before you rely on them."
        )
    if summary.drafted_in_english:
        counts = ", ".join(f"{name} {count}" for name, count in summary.drafted_in_english.items())
        said.append(f"Drafted in English, as there are no templates in their language: {counts}.")
    if summary.owner_only:
        said.append(
            f"{summary.owner_only} would go to a named person without a draft: agree on who that is, and by when."
        )
    return said
