"""The starter files that `tillid init` writes."""

from importlib.resources import files

HOUSE = """\
# Your house. Everything here is optional but the name.

# What customers see as the sender, and below the agent's name.
name: Lampehuset

# The language and country that count where nothing tells the customer's: da, nb, nn, sv or en; DK, NO, SE ...
language: da
country: DK

# Slack id of the person who answers when only a named person may (injury, lawyer, press ...).
# In Slack: open the profile, the three dots, Copy member ID.
owner: ""

# Slack ids of those who say yes or no to refunds above an agent's limit, and of those who read the numbers.
# Everybody else in the triage channel is an agent.
leads: []
managers: []

# Mail servers of yours whose Authentication-Results header can be believed, such as mx.example.dk.
authserv_ids: []
"""

ENVIRONMENT = (files("bot") / "commands" / "environment.txt").read_text(encoding="utf-8")
