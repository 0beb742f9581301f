"""`tillid demo`: a day of support, played on real parts of this machine and told line by line."""

from bot.sandbox.demo.story import play

__all__ = ["play"]
