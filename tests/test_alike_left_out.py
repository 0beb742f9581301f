"""Who is not put with those like them: each is left out for one reason alone, and the same mail without it is not."""

from dataclasses import replace

from alike_scenes import address, delayed, many_write, newest, writes_again
from event_scenes import counts, send_all
from scenes import Scene, keep_order, mail

from storage.orders import Line
from storage.tables import Stack, StackedDraft

UNKNOWN = "Hej, PostNord har stadig ikke leveret min pakke."
LOCKED_OUT = "Hej, jeg har glemt min adgangskode og kan ikke logge ind i appen. Kan I hjælpe?"
FURIOUS = "Jeg er simpelthen rasende over jer! I er nogle idioter. Hvor er min pakke, ordre {number}?"


def stacked(scene: Scene) -> set[int]:
    return {each.conversation_id for each in scene.rows(StackedDraft)}


async def writes(scene: Scene, place: int, text: str, message_id: str = "") -> int:
    """A customer writes, whatever our books know of them; the number of the case."""
    sent = message_id or f"<{place}@example.dk>"
    await scene.receive(mail(text, sender=f"Kunde <{address(place)}>", subject="Hjælp", message_id=sent))
    return int(scene.card().conversation_id)


async def test_four_of_two_days_ago_and_one_of_today_make_no_stack(scene: Scene) -> None:
    await many_write(scene, range(4))
    scene.pass_time(hours=49)
    await many_write(scene, range(4, 5))
    assert scene.rows(Stack) == []
    await many_write(scene, range(5, 9))
    assert (len(scene.rows(Stack)), counts(scene).drafts) == (1, 5)


async def test_a_mail_about_somebody_elses_order_stands_alone(scene: Scene) -> None:
    scene.do(keep_order, delayed("20000", address(50)))
    own = [await writes(scene, place, UNKNOWN) for place in range(5)]
    assert stacked(scene) == set(own)
    assert await writes(scene, 6, f"{UNKNOWN} Ordre 20000.") not in stacked(scene)
    assert scene.card().template == newest(scene, 0).template
    assert await writes(scene, 7, f"{UNKNOWN} Ordre 20001.") in stacked(scene)


async def test_whose_letter_answers_something_else_as_well_stands_alone(scene: Scene) -> None:
    own = [await writes(scene, place, UNKNOWN) for place in range(5)]
    assert stacked(scene) == set(own)
    return_too = f"{UNKNOWN} Hvornår kommer den? Jeg vil også gerne sende den retur, når den kommer."
    both = await writes(scene, 6, return_too)
    assert (scene.card().intent, scene.card().context["also"]) == ("late_delivery", ["return"])
    assert scene.card().template == newest(scene, 0).template
    assert both not in stacked(scene)


async def test_the_same_broken_thing_is_one_matter_whatever_was_paid_for_sending_it(scene: Scene) -> None:
    for place in range(5):
        record = delayed(f"{20_000 + place}", address(place))
        lines = (*record.lines, Line("shipping", f"Fragt {place}", 4_900))
        scene.do(keep_order, replace(record, lines=lines))
        await writes(scene, place, f"Hej, lampen fra ordre {20_000 + place} kom frem i tusind stykker.")
    (stack,) = scene.rows(Stack)
    assert (stack.tie, stack.cause, counts(scene).waiting) == ("product", "Bordlampe", 5)


async def test_who_is_angry_once_stands_alone_also_when_calm_again(scene: Scene) -> None:
    await many_write(scene, range(6))
    await writes_again(scene, 0, FURIOUS.format(number=20_000))
    assert newest(scene, 0).reading["feeling"] == 2
    assert not newest(scene, 0).reading["second_bad_experience"]
    assert counts(scene).waiting == 5
    await writes_again(scene, 0, "Okay. Hvornår kommer pakken?")
    assert newest(scene, 0).reading["feeling"] == 0
    assert counts(scene).waiting == 5


async def test_who_had_the_letter_and_asks_anew_is_not_put_there_again(scene: Scene) -> None:
    cases = [await writes(scene, place, LOCKED_OUT) for place in range(6)]
    assert stacked(scene) == set(cases)
    send_all(scene)
    await scene.work()
    assert await writes(scene, 9, LOCKED_OUT) in stacked(scene)
    assert await writes(scene, 0, LOCKED_OUT, "<once-more@example.dk>") not in stacked(scene)
    assert scene.card().template == newest(scene, 9).template
