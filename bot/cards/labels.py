"""The names agents read for what is stored under short codes."""

from bot.cards.texts import capitalized
from bot.speech import ENGLISH, mark, say, spoken

#: The languages a letter can be written in.
ANSWERED = {
    "da": mark("Danish"),
    "nb": mark("Norwegian (Bokmål)"),
    "nn": mark("Norwegian (Nynorsk)"),
    "sv": mark("Swedish"),
    "en": mark("English"),
}
INTENTS = {
    "double_charge": mark("Charged twice"),
    "duplicate_fee": mark("Fee charged twice"),
    "damaged_item": mark("Damaged item"),
    "missing_item": mark("Missing item"),
    "wrong_item": mark("Wrong item"),
    "late_delivery": mark("Late delivery"),
    "return": mark("Return"),
    "refund_status": mark("Where the refund is"),
    "cancellation": mark("Cancellation"),
    "price_discount": mark("Price or discount"),
    "billing_question": mark("Question about a bill"),
    "account_access": mark("Cannot log in"),
    "product_question": mark("Question about a product"),
    "service_complaint": mark("Complaint about our service"),
    "praise": mark("Praise"),
    "technical_fault": mark("Technical fault"),
    "address_change": mark("New address"),
    "data_request": mark("Request about personal data"),
    "other": mark("Something else"),
}
FEELINGS = (mark("Calm"), mark("Annoyed or disappointed"), mark("Angry or about to leave"))
CHANNELS = {"email": mark("E-mail"), "slack": "Slack"}
AUTOMATIC = {
    "auto_reply": mark("Automatic reply"),
    "bounce": mark("Mail that could not be delivered"),
    "delay": mark("Mail that is delayed"),
    "list": mark("Mail from a list"),
    "own": mark("Our own mail"),
    "event": mark("Told by the shop"),
}
OWNER_ONLY = {
    "injury": mark("somebody may be hurt"),
    "fire": mark("it speaks of fire"),
    "death": mark("it speaks of a death"),
    "lawyer": mark("it speaks of a lawyer"),
    "complaints_board": mark("it speaks of a complaints board"),
    "police": mark("it speaks of the police"),
    "press": mark("it speaks of the press"),
    "threats": mark("it holds a threat"),
    "suicide": mark("it speaks of suicide"),
}
CATEGORIES = {
    "demands_proof": mark("Asks for proof"),
    "system_says": mark("Hides behind the system"),
    "policy_hiding": mark("Hides behind a policy"),
    "blame": mark("Puts the blame on the customer"),
    "conditional_apology": mark("Apologises with an if"),
    "make_repeat": mark("Makes the customer say it again"),
    "command_tone": mark("Sounds like an order"),
    "premature_referral": mark("Asks for a favour too early"),
    "coldness": mark("Sounds cold"),
}
FOLLOW_UPS = {
    "promise": mark("Promised"),
    "broken_promise": mark("Broken promise"),
    "money_arrived": mark("Has the money arrived"),
    "item_fine": mark("Is the item fine"),
    "delivered": mark("Has it been delivered"),
    "return_received": mark("We have the return"),
    "heard": mark("You were heard"),
    "how_is_it": mark("How is it going"),
}
#: (to do it, it done), each with the amount in it.
REFUNDS = {
    "refund": (mark("Refund {amount}"), mark("Refund of {amount}")),
    "release": (mark("Let go of the reserved {amount}"), mark("Release of the reserved {amount}")),
    "shipping_refund": (mark("Refund {amount} of shipping"), mark("Refund of {amount} for shipping")),
    "price_difference": (
        mark("Refund the price difference of {amount}"),
        mark("Refund of {amount}, the price difference"),
    ),
    "credit": (mark("Give a credit of {amount}"), mark("Credit of {amount}")),
}
#: How many of the four BALA steps are behind us, and where we are.
BALA = {
    "need": (0, mark("finding out what they need")),
    "accepted": (2, mark("we both know what they need")),
    "solution": (3, mark("the solution is given")),
    "accept_asked": (3, mark("we have asked whether it is solved")),
    "accepted_by_customer": (4, mark("they say it is solved")),
    "reopened": (0, mark("not solved after all, back to what they need")),
}
BALA_STEPS = (
    mark("need known"),
    mark("understanding confirmed"),
    mark("solution given"),
    mark("solved, they say"),
)


def named(labels: dict[str, str], code: str) -> str:
    """The label of a code, in the reader's language; a code without one is shown in words."""
    label = labels.get(code)
    return say(label) if label else in_words(code)


def language_inside(code: str) -> str:
    """A language as it is named within a sentence: "Danish", and "dansk" where languages are written small."""
    name = named(ANSWERED, code)
    return name if spoken() == ENGLISH else name[:1].lower() + name[1:]


def in_words(code: str) -> str:
    """ "give_back_double_charge" as "Give back double charge"."""
    return capitalized(code.replace("_", " ").strip()) or say("Unknown")


def feeling(grade: int) -> str:
    """0 calm, 1 annoyed, 2 angry."""
    return say(FEELINGS[min(max(grade, 0), 2)])


def refund_to_do(kind: str, amount: str) -> str:
    """ "Refund 499 kr."."""
    return say(REFUNDS.get(kind, REFUNDS["refund"])[0], amount=amount)


def refund_done(kind: str, amount: str) -> str:
    """ "Refund of 499 kr."."""
    return say(REFUNDS.get(kind, REFUNDS["refund"])[1], amount=amount)


def bala(step: str) -> str:
    """The four steps as dots with words, then where we are."""
    done, now = BALA.get(step, BALA["need"])
    steps = [f"{'●' if number < done else '○'} {say(name)}" for number, name in enumerate(BALA_STEPS)]
    where = say("Now: {step}", step=say(now))
    return f"{' · '.join(steps)}. {where}"
