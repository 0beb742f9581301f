"""What a message can be about: the names that intents, tones and the rest of a word pack may carry."""

INTENTS = (
    "double_charge",
    "duplicate_fee",
    "damaged_item",
    "missing_item",
    "wrong_item",
    "late_delivery",
    "return",
    "refund_status",
    "cancellation",
    "price_discount",
    "billing_question",
    "account_access",
    "product_question",
    "service_complaint",
    "praise",
    "technical_fault",
    "address_change",
    "data_request",
    "other",
)
#: How much a cue of each strength says. `against` speaks against the intent.
STRENGTHS = {"strong": 3.5, "usual": 2.0, "hint": 1.0, "against": -3.0}
#: Why only a named person may answer, the gravest first: its name is the reason that is shown.
OWNER_REASONS = (
    "suicide",
    "death",
    "injury",
    "fire",
    "threats",
    "police",
    "lawyer",
    "complaints_board",
    "press",
)
#: Groups of cues beside the intents, with the topics each may hold.
GROUPS = {
    "feeling": ("annoyed", "angry", "calm"),
    "tone": (
        "urgent",
        "second_bad_experience",
        "unsolved",
        "not_unsolved",
        "sarcasm",
        "question",
        "statement",
    ),
    "wish": ("replacement", "refund", "either", "not_replacement", "not_refund"),
    "customer_type": ("thinker", "feeler", "doer"),
    "owner_only": (*OWNER_REASONS, "harmless"),
}
#: What a "not" takes back. Elsewhere ("I do not understand the invoice") it leaves the topic as it is, and
#: before a lawyer or a fire nobody should rely on it.
DENIABLE = frozenset(
    {
        "intent.double_charge",
        "intent.duplicate_fee",
        "intent.damaged_item",
        "intent.wrong_item",
        "intent.return",
        "intent.refund_status",
        "intent.cancellation",
        "intent.praise",
        "feeling.annoyed",
        "feeling.angry",
        "tone.urgent",
        "tone.unsolved",
        "wish.replacement",
        "wish.refund",
        "customer_type.feeler",
        "customer_type.doer",
    }
)
