"""Who writes now, said to a customer who knows another colleague: one sentence, by name. Pure."""

import re

#: `present` writes from now on, `former` did before.
_SENTENCES = {
    "da": "Jeg hedder {present} og har overtaget din sag fra {former}, så nu er det mig, du skriver med.",
    "nb": "Jeg heter {present} og har tatt over saken din etter {former}, så nå er det meg du skriver med.",
    "nn": "Eg heiter {present} og har teke over saka di etter {former}, så no er det meg du skriv med.",
    "sv": "Jag heter {present} och har tagit över ditt ärende efter {former}, så nu är det mig du skriver med.",
    "en": "My name is {present}, and I have taken over your case from {former}, so you will hear from me from now on.",
}
#: A line that only greets: "Hej Mette,", "Hi,".
_GREETING = re.compile(r"[^\W\d_]+(?: [^\n]{1,60})?,")


def introduction(language: str, former: str, present: str) -> str:
    """The sentence; English where we write the language to nobody. Empty where there is nobody to name."""
    if not former or not present or former == present:
        return ""
    return _SENTENCES.get(language, _SENTENCES["en"]).format(former=former, present=present)


def introduced(text: str, sentence: str) -> str:
    """The letter with the sentence as a paragraph of its own: below the greeting, or first where there is none."""
    if not sentence or not text or sentence in text:
        return text
    first, _, rest = text.partition("\n\n")
    if rest and _GREETING.fullmatch(first.strip()):
        return f"{first}\n\n{sentence}\n\n{rest}"
    return f"{sentence}\n\n{text}"


def not_introduced(text: str, sentence: str) -> str:
    """The letter without it: whom the customer knows writes again."""
    return text.replace(f"{sentence}\n\n", "", 1) if sentence else text


def signed_anew(text: str, former: str, present: str) -> str:
    """The letter with the last line that is the former colleague's name in the present one's."""
    lines = text.split("\n")
    for number in range(len(lines) - 1, -1, -1):
        if lines[number].strip() == former:
            lines[number] = present
            break
    return "\n".join(lines)
