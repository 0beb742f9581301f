"""The two envelopes a set of blocks can be shown in beside a message: a modal and the Home tab."""

from bot.sandbox.slackcheck.blocks import HOME_BLOCKS, MODAL_BLOCKS
from bot.sandbox.slackcheck.objects import IDENTIFIER, plain
from bot.sandbox.slackcheck.shapes import Check, array, choice, flag, record, string, variant

COMMON: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": IDENTIFIER,
    "external_id": IDENTIFIER,
}
MODAL = record(
    {
        "type": choice("modal"),
        "title": plain(24),
        "blocks": array(variant(MODAL_BLOCKS, "block in a modal"), 100),
    },
    {
        **COMMON,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
HOME = record(
    {
        "type": choice("home"),
        "blocks": array(variant(HOME_BLOCKS, "block in a Home tab"), 100),
    },
    COMMON,
)
