"""What to call somebody from the name they sign with (R4-19: no name is better than a wrong one). Pure."""

import re
import unicodedata

#: A given name: letters, perhaps with a hyphen or an apostrophe.
GIVEN = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
#: Each of its parts: both names of Anne-Marie begin with a capital.
PART = re.compile(r"[^\W\d_]+")
_COMPANIES = (
    "as aps ab oy oyj gmbh ag ltd inc hf ivs ans asa kundeservice kundtjänst kundservice support "
    "service info admin team sales salg salgs order ordre noreply no-reply faktura regnskab kontor "
    "office butik butikk mail post bestilling the via "
)
#: Words that say this is a company, a team or a machine.
NOT_A_PERSON = frozenset(_COMPANIES.split())


def given_name(signed: str) -> str:
    """The given name in a display name, or empty where it does not look like a person's.

    "Mette Hansen" and "Hansen, Mette" give Mette; "Nordlys AS", "mette82" and "INFO" give nothing.
    """
    # Some systems write a letter and its ring as two characters.
    signed = unicodedata.normalize("NFC", signed)
    last, comma, first = signed.strip().strip("\"'").partition(",")
    words = (first if comma else last).split()
    everything = [word.strip(".,()").lower() for word in signed.split()]
    if not words or len(everything) > 5 or NOT_A_PERSON & set(everything) or "@" in signed or "/" in signed:
        return ""
    name = words[0]
    # What Python counts as part of a word holds raised digits too.
    if not GIVEN.fullmatch(name) or any(map(str.isnumeric, name)) or not 2 <= len(name) <= 30:
        return ""
    if name.isupper() or name.islower():
        return PART.sub(lambda part: part.group().capitalize(), name) if len(words) > 1 else ""
    return name
