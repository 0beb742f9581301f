"""The starter files that `tillid init` writes."""

from importlib.resources import files
from pathlib import Path

HOUSE = """\
# Your house. Everything here is optional but the name.

# What customers see as the sender, and below the agent's name.
name: Lampehuset

# The language and country that count where nothing tells the customer's: da, nb, nn, sv or en; DK, NO, SE ...
language: da
country: DK

# What Tillid itself says to colleagues in the channel: en, da, nb or sv. In the app's Home tab each of them chooses
# the language of what only they see.
desk_language: en

# Slack id of the person who answers when only a named person may (injury, lawyer, press ...).
# In Slack: open the profile, the three dots, Copy member ID.
owner: ""

# Slack ids of those who say yes or no to refunds above an agent's limit, and of those who read the numbers.
# Everybody else in the triage channel is an agent.
leads: []
managers: []

# Which languages each colleague answers in, by Slack id; who is not named answers in all. `/tillid next` gives them
# cases in these first, such as U0123456789: [da, sv]
speaks: {}

# Mail servers of yours whose Authentication-Results header can be believed, such as mx.example.dk.
authserv_ids: []

# Contact forms and marketplaces that write for customers: addresses, or @domains. Where such a mail is authenticated,
# the customer is whoever it wants answered (Reply-To).
forms: []

# true where mail to hej+anything@example.dk reaches hej@example.dk: answers then find their case by the address, too.
plus_address: false

# A file from the folder files/ that goes along with a letter, such as reply/return_granted: returlabel.pdf
attach: {}
"""

ENVIRONMENT = (files("bot") / "commands" / "environment.txt").read_text(encoding="utf-8")

_TEMPLATES = """\
# Your own letters

A file in this folder takes the place of ours with the same name. Everything else stays ours, so copy only what you
want to say differently.

Ours are in

    {place}

(after an upgrade, ask again: `python -c "import bot; print(bot.__path__[0])"`, then `templates`). `README.md` there
lists every letter, when it is used, and the names it may use. A letter has the same name here as there:
`da/reply/late_delivery_looking.j2` becomes `templates/da/reply/late_delivery_looking.j2`. The languages are da, nb,
nn, sv and en.

## Changing a letter

1. Copy it, with its folders:

       mkdir -p templates/da/reply
       cp "{place}/da/reply/late_delivery_looking.j2" templates/da/reply/

2. Change the sentences. What stands in `{{{{ }}}}` is filled in for each customer, and `{{% if %}}` chooses a sentence:
   leave those as they are until you know what they do. Promise nothing that is not done when the letter is sent.
3. Run `tillid check`. Each file here is tried, and a broken one is named with its line.
4. Read it as a customer would, in answer to a message that gets this letter:

       echo '{{"text": "Hvor er min pakke?"}}' | tillid suggest --house .

5. Restart Tillid. The files are read once, at start.

A file that is broken is left out: ours is sent instead, the log says `house_problem`, and nothing else stops. To go
back to our letter, delete yours. The greeting and the signature of all letters are in `_letter.j2`, sentences that
several letters share in `_voice.j2`, both in `reply`.

A template can use its names, texts, numbers, conditions and short loops. It cannot open files, call programs or see
anything else.
"""

_WORDS = """\
# Your own words

Two kinds of word lists for each language: `reading.yaml`, by which Tillid understands what a customer writes, and
`linting.yaml`, by which it finds distrust in what an agent is about to send. A file in this folder takes the place of
ours with the same name, whole: copy ours and add to it.

Ours are in

    {place}

(after an upgrade, ask again: `python -c "import bot; print(bot.__path__[0])"`, then `rules/packs`).

## Changing the words

1. Copy the list, with its folder:

       mkdir -p words/da
       cp "{place}/da/reading.yaml" words/da/

2. Add your words. The lines at its top say how they are written. The names of your own products belong under
   `things` in `reading.yaml`.
3. Run `tillid check`. Each file here is tried, and a broken one is named with its line.
4. Try a message you know:

       echo '{{"text": "Min lampe er gået i stykker"}}' | tillid suggest --house . --json

   and a draft: `echo '{{"text": "Send et billede af skaden"}}' | tillid lint --house . --json`
5. Restart Tillid. The files are read once, at start.

A list that is broken is left out: ours is used instead, the log says `house_problem`, and nothing else stops. After an
upgrade compare your copy with ours, which may have learnt something. To go back to ours, delete yours.
"""


def templates_readme(place: Path) -> str:
    """How a letter is changed, for the house's templates/; `place` is where ours are."""
    return _TEMPLATES.format(place=place)


def words_readme(place: Path) -> str:
    """How the words are changed, for the house's words/; `place` is where ours are."""
    return _WORDS.format(place=place)
