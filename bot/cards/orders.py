"""The question which order a message is about, where several of the customer's fit."""

from bot.cards.elements import mrkdwn, option, plain, pressed_on
from bot.cards.shapes import Block, CardView
from bot.speech import say

MOST_CHOICES = 20
ACTION = "card_order"


def which_order(view: CardView) -> list[Block]:
    """A menu of orders; choosing one makes the draft anew with its facts."""
    if view.state != "new" or view.owner_only or not view.order_choices:
        return []
    options = {
        each.order_id: option(each.label, pressed_on(c=view.conversation_id, v=view.version, o=each.order_id))
        for each in view.order_choices[:MOST_CHOICES]
    }
    menu: Block = {
        "type": "static_select",
        "action_id": ACTION,
        "placeholder": plain(say("Choose an order"), 150),
        "options": list(options.values()),
    }
    chosen = [options[each.order_id] for each in view.order_choices[:MOST_CHOICES] if each.chosen]
    if chosen:
        menu["initial_option"] = chosen[0]
    return [
        {
            "type": "section",
            "block_id": f"which:{view.conversation_id}:v{view.version}",
            "text": mrkdwn(say("*Which order?* Several of this customer's fit.")),
            "accessory": menu,
        }
    ]
