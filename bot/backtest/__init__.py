"""What Tillid would have said to yesterday's mail, beside what was really said. Nothing is sent or stored."""

from bot.backtest.archive import Archive, open_archive
from bot.backtest.replay import Replayed, replay
from bot.backtest.sources import read_mails
from bot.backtest.summary import Summary, summarise

__all__ = ["Archive", "Replayed", "Summary", "open_archive", "read_mails", "replay", "summarise"]
