"""A Monday with 120 mails, worked through by one colleague with `/tillid next`: how many presses each case takes.

python -m bench.monday

The mails are everyday ones in five languages, each from a customer of their own. The colleague sends each draft as it
is, writes a line of their own where there is none, and goes on. What only a named person may answer is left to them.
"""

import asyncio
import tempfile
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

from bot.sandbox.records import Ephemeral, User
from bot.sandbox.screens import elements
from bot.sandbox.stage import ADDRESS, Stage

MAILS = 120
EVERYDAY = Path(__file__).parent.parent / "tests" / "data" / "everyday.tsv"


def mails() -> list[bytes]:
    """Every third message of the everyday set, as a mail."""
    lines = [line.split("\t") for line in EVERYDAY.read_text(encoding="utf-8").splitlines()]
    texts = [cells[-1].replace("\\n", "\n") for cells in lines if cells[0] in ("da", "nb", "nn", "sv", "en")]
    made = []
    for number, text in enumerate(texts[:: max(1, len(texts) // MAILS)][:MAILS]):
        mail = EmailMessage()
        mail["From"] = f"Kunde <kunde{number}@example.dk>"
        mail["To"], mail["Subject"] = ADDRESS, "Spørgsmål"
        mail["Message-ID"] = f"<monday{number}@example.dk>"
        mail.set_content(text)
        made.append(mail.as_bytes())
    return made


class Colleague:
    """One person at the desk; counts what they press."""

    def __init__(self, stage: Stage, user: User) -> None:
        self.stage = stage
        self.user = user
        self.presses: Counter[str] = Counter()
        self.solved = 0

    async def work(self) -> None:
        """Case after case, until nobody waits."""
        triage = self.stage.triage.id
        await self.stage.slack.people.command(self.user.id, triage, "/tillid", "next")
        self.presses["/tillid next"] += 1
        shown = next(each for each in self.stage.workspace.ephemerals if each.user_id == self.user.id)
        while "Nobody waits for you" not in shown.text:
            if "card_send" in self._buttons(shown):
                await self._press(shown, "card_send")
            else:
                await self._write(shown)
            self.solved += 1
            await self._press(shown, "queue_next")

    def _buttons(self, shown: Ephemeral) -> set[str]:
        return {str(each.get("action_id")) for _, each in elements(shown.blocks)}

    async def _press(self, shown: Ephemeral, action: str) -> None:
        await self.stage.slack.people.click(self.user.id, shown.channel_id, shown.ts, action)
        self.presses[action] += 1
        await self.stage.idle()

    async def _write(self, shown: Ephemeral) -> None:
        await self._press(shown, "card_edit")
        people = self.stage.slack.people
        view = await self.stage.slack.wait_for(
            lambda _: (view := people.screen(self.user.id)) and "One moment" not in str(view.blocks) and view
        )
        assert view
        field = next(
            str(each["block_id"]) for each in view.blocks if str(each.get("block_id")).startswith("reply:")
        )
        await people.submit(self.user.id, view.id, {field: {"text": "Hej, jeg ser på det nu. Hilsen Freja"}})
        self.presses["Send in the window"] += 1
        await self.stage.idle()


async def monday() -> None:
    """Play it, and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        async with Stage(Path(folder)) as stage:
            for mail in mails():
                await stage.receive(mail)
            freja = Colleague(stage, stage.freja)
            await freja.work()
            sent = len(stage.mail.mails)
    print(f"{MAILS} mails, {freja.solved} cases answered, {sent} letters sent")
    print(", ".join(f"{word} {count}" for word, count in freja.presses.most_common()))
    print(f"{freja.presses.total() / max(1, freja.solved):.2f} presses for each case")


if __name__ == "__main__":
    asyncio.run(monday())
