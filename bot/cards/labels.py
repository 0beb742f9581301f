"""The names agents read for what is stored under short codes."""

from bot.cards.texts import capitalized

#: The languages a letter can be written in.
ANSWERED = {
    "da": "Danish",
    "nb": "Norwegian (Bokmål)",
    "nn": "Norwegian (Nynorsk)",
    "sv": "Swedish",
    "en": "English",
}
INTENTS = {
    "double_charge": "Charged twice",
    "duplicate_fee": "Fee charged twice",
    "damaged_item": "Damaged item",
    "missing_item": "Missing item",
    "wrong_item": "Wrong item",
    "late_delivery": "Late delivery",
    "return": "Return",
    "refund_status": "Where the refund is",
    "cancellation": "Cancellation",
    "price_discount": "Price or discount",
    "billing_question": "Question about a bill",
    "account_access": "Cannot log in",
    "product_question": "Question about a product",
    "service_complaint": "Complaint about our service",
    "praise": "Praise",
    "technical_fault": "Technical fault",
    "address_change": "New address",
    "data_request": "Request about personal data",
    "other": "Something else",
}
FEELINGS = ("Calm", "Annoyed or disappointed", "Angry or about to leave")
CHANNELS = {"email": "E-mail", "slack": "Slack"}
AUTOMATIC = {
    "auto_reply": "Automatic reply",
    "bounce": "Mail that could not be delivered",
    "delay": "Mail that is delayed",
    "list": "Mail from a list",
    "own": "Our own mail",
    "event": "Told by the shop",
}
OWNER_ONLY = {
    "injury": "somebody may be hurt",
    "fire": "it speaks of fire",
    "death": "it speaks of a death",
    "lawyer": "it speaks of a lawyer",
    "complaints_board": "it speaks of a complaints board",
    "police": "it speaks of the police",
    "press": "it speaks of the press",
    "threats": "it holds a threat",
    "suicide": "it speaks of suicide",
}
CATEGORIES = {
    "demands_proof": "Asks for proof",
    "system_says": "Hides behind the system",
    "policy_hiding": "Hides behind a policy",
    "blame": "Puts the blame on the customer",
    "conditional_apology": "Apologises with an if",
    "make_repeat": "Makes the customer say it again",
    "command_tone": "Sounds like an order",
    "premature_referral": "Asks for a favour too early",
    "coldness": "Sounds cold",
}
FOLLOW_UPS = {
    "promise": "Promised",
    "broken_promise": "Broken promise",
    "money_arrived": "Has the money arrived",
    "item_fine": "Is the item fine",
    "delivered": "Has it been delivered",
    "return_received": "We have the return",
    "heard": "You were heard",
    "how_is_it": "How is it going",
}
#: (to do it, it done), each with the amount in it.
REFUNDS = {
    "refund": ("Refund {}", "Refund of {}"),
    "release": ("Let go of the reserved {}", "Release of the reserved {}"),
    "shipping_refund": ("Refund {} of shipping", "Refund of {} for shipping"),
    "price_difference": ("Refund the price difference of {}", "Refund of {}, the price difference"),
    "credit": ("Give a credit of {}", "Credit of {}"),
}
#: How many of the four BALA steps are behind us, and where we are.
BALA = {
    "need": (0, "finding out what they need"),
    "accepted": (2, "we both know what they need"),
    "solution": (3, "the solution is given"),
    "accept_asked": (3, "we have asked whether it is solved"),
    "accepted_by_customer": (4, "they say it is solved"),
    "reopened": (0, "not solved after all, back to what they need"),
}
BALA_STEPS = ("need known", "understanding confirmed", "solution given", "solved, they say")


def named(labels: dict[str, str], code: str) -> str:
    """The label of a code; a code without one is shown in words."""
    return labels.get(code) or in_words(code)


def in_words(code: str) -> str:
    """ "give_back_double_charge" as "Give back double charge"."""
    return capitalized(code.replace("_", " ").strip()) or "Unknown"


def feeling(grade: int) -> str:
    """0 calm, 1 annoyed, 2 angry."""
    return FEELINGS[min(max(grade, 0), 2)]


def refund_to_do(kind: str, amount: str) -> str:
    """ "Refund 499 kr."."""
    return REFUNDS.get(kind, REFUNDS["refund"])[0].format(amount)


def refund_done(kind: str, amount: str) -> str:
    """ "Refund of 499 kr."."""
    return REFUNDS.get(kind, REFUNDS["refund"])[1].format(amount)


def bala(step: str) -> str:
    """The four steps as dots with words, then where we are."""
    done, now = BALA.get(step, BALA["need"])
    dots = " · ".join(f"{'●' if number < done else '○'} {name}" for number, name in enumerate(BALA_STEPS))
    return f"{dots}. Now: {now}"
