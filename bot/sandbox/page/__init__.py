"""The sandbox's web page: be the customer, be the agent, press the buttons, move the clock.

One page on loopback, rendered on the server. It shows what is there and hands presses to `people`; what the
program makes of them is the program's.
"""

from bot.sandbox.page.serving import serve

__all__ = ["serve"]
