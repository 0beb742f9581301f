"""The sandbox's page, visited as a browser without scripts would: forms, buttons and links as they stand there."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession
from rich.console import Console
from sandbox_visitor import Node, Visitor, button, has, message

from bot.sandbox.page import serve
from bot.sandbox.page.words import Words
from bot.sandbox.workspace import Workspace


@asynccontextmanager
async def running(folder: Path, undo_seconds: int = 0) -> AsyncIterator[Visitor]:
    output = io.StringIO()
    console = Console(file=output, width=200)
    task = asyncio.create_task(serve(folder, port=0, undo_seconds=undo_seconds, console=console))
    try:
        async with asyncio.timeout(20):
            while not (found := re.search(r"http://\S+", output.getvalue())):
                assert not task.done(), task.result()
                await asyncio.sleep(0.05)
        async with ClientSession() as client:
            yield Visitor(found[0], client)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    async with running(tmp_path) as visitor:
        yield visitor


async def write_example(visitor: Visitor, address: str = "mette@example.dk", number: int = 1) -> Node:
    await visitor.look(f"/?you={address}&example={number}")
    return await visitor.press(button(visitor.page, "Send Mail"))


async def test_a_mail_becomes_a_card_and_its_answer_can_be_answered_in_the_same_thread(
    visitor: Visitor,
) -> None:
    page = await write_example(visitor)
    card = message(page, "Mette Hansen: charged twice")
    assert "I har trukket 499 kr. to gange" in card.text
    await visitor.press(button(card, "Send and Refund 499 kr."))
    page = await visitor.until(has("mail", "Freja Holm"))
    (mail,) = page.all("a", "mail")
    assert "new" in mail.held["class"] and "Re: Trukket to gange" in mail.text
    page = await visitor.look(mail.held["href"])
    assert has("letter", "499 kr.")(page) and "new" not in page.all("article", "letter")[-1].held["class"]
    await visitor.press(button(page, "Reply"), text="Tusind tak, men hvornår kommer pengene?")
    page = await visitor.until(has("message", "hvornår kommer pengene?"))
    quotes = [each.text for each in page.all("blockquote") if "hvornår kommer pengene?" in each.text]
    assert quotes == ["Tusind tak, men hvornår kommer pengene?"]
    letters = (await visitor.look(mail.held["href"])).all("article", "letter")
    assert ["You" in each.text for each in letters] == [True, False, True]


async def test_distrustful_words_meet_a_kinder_sentence_that_goes_out_instead(visitor: Visitor) -> None:
    page = await write_example(visitor)
    await visitor.press(button(message(page, "charged twice"), "Edit"))
    page = await visitor.until(has("window", "To Mette Hansen"))
    doubt = "Send venligst en kopi af kvitteringen, så vi kan se om du faktisk har betalt to gange."
    submit = page.all("form", "window")[0].all("footer")[0].all("button")[-1]
    page = await visitor.press(submit, text=f"Hej Mette\r\n\r\n{doubt}\r\n\r\nFreja")
    (window,) = page.all("form", "window")
    assert "Asks for proof" in window.text
    assert window.all("textarea")[0].text == f"\nHej Mette\n\n{doubt}\n\nFreja"
    await visitor.press(button(window, "Use Kinder Wording"))
    page = await visitor.until(lambda page: doubt not in page.all("textarea")[-1].text)
    await visitor.press(page.all("form", "window")[0].all("footer")[0].all("button")[-1])
    page = await visitor.until(has("mail", "Freja Holm"))
    assert not page.all("form", "window")
    page = await visitor.look(page.all("a", "mail")[0].held["href"])
    assert "kopi af kvitteringen" not in page.all("article", "letter")[-1].text
    assert has("letter", "Hej Mette")(page)


async def test_what_the_program_objects_to_stands_at_the_field_and_what_was_typed_stays(
    visitor: Visitor,
) -> None:
    page = await write_example(visitor)
    await visitor.press(button(message(page, "charged twice"), "Resolve"))
    page = await visitor.until(has("window", "When it goes out"))
    submit = page.all("form", "window")[0].all("footer")[0].all("button")[-1]
    page = await visitor.press(submit, text="Hej Mette, er pengene kommet?", due="")
    (wrong,) = page.all("div", "wrong")
    assert "Pick when it goes out." in wrong.text
    assert wrong.all("textarea")[0].text.strip() == "Hej Mette, er pengene kommet?"
    await visitor.press(page.all("form", "window")[0].all("header")[0].all("button")[0])
    assert not visitor.page.all("form", "window")


async def test_the_clock_moves_by_an_hour_and_over_a_weekend(visitor: Visitor) -> None:
    page = await visitor.look()
    assert "Monday 2 March 2026" in page.all("p", "time")[0].text
    hour = page.all("p", "time")[0].text[:5]
    page = await visitor.press(button(page, "+1 hour"))
    assert page.all("p", "time")[0].text[:2] == f"{int(hour[:2]) + 1:02}"
    page = await visitor.press(button(page, "+5 business days"))
    assert "Monday 9 March 2026" in page.all("p", "time")[0].text
    page = await visitor.press(button(page, "+1 day"))
    assert "Tuesday 10 March 2026" in page.all("p", "time")[0].text


async def test_a_follow_up_goes_out_by_itself_when_the_clock_gets_there(visitor: Visitor) -> None:
    page = await write_example(visitor)
    await visitor.press(button(message(page, "charged twice"), "Send and Refund 499 kr."))
    page = await visitor.until(has("message", "Sent by"))
    await visitor.press(button(message(page, "Mette Hansen: charged twice"), "Resolve"))
    page = await visitor.until(has("window", "When it goes out"))
    await visitor.press(page.all("form", "window")[0].all("footer")[0].all("button")[-1])
    page = await visitor.until(lambda page: "To the next follow-up" in page.text)
    page = await visitor.press(button(page, "To the next follow-up"))
    assert "March 2026" in page.all("p", "time")[0].text and "2 March" not in page.all("p", "time")[0].text
    page = await visitor.until(has("mail", "Freja Holm"))
    page = await visitor.look(page.all("a", "mail")[0].held["href"])
    assert ["You" in each.text for each in page.all("article", "letter")] == [True, False, False]


async def test_nothing_is_done_for_another_page(visitor: Visitor) -> None:
    page = await visitor.look()
    token = button(page, "+1 hour").form.all("input")[0].held["value"]
    refused: list[tuple[dict[str, str], str, int]] = [
        ({"Origin": "https://elsewhere.example"}, token, 403),
        ({"Origin": "null"}, token, 403),
        ({"Sec-Fetch-Site": "cross-site"}, token, 403),
        ({}, "guessed", 403),
        ({"Host": "elsewhere.example"}, token, 421),
    ]
    for headers, given, status in refused:
        fields = {"token": given, "text": "From another page"}
        async with visitor.client.post(f"{visitor.url}say", data=fields, headers=headers) as answer:
            assert answer.status == status, headers
    assert not has("message", "From another page")(await visitor.look())
    await visitor.press(button(visitor.page, "Send"), text="From this page")
    assert has("message", "From this page")(visitor.page)


async def test_what_people_write_is_shown_as_text_only(visitor: Visitor) -> None:
    page = await visitor.look("/?you=new")
    hostile = "<script>alert(1)</script> <!channel> <b>hej</b>"
    fields = {"name": "<i>Eva</i>", "address": "eva@example.dk", "subject": hostile, "text": hostile}
    page = await visitor.press(button(page, "Send Mail"), **fields)
    assert hostile in message(page, "Eva").text
    await visitor.press(button(page, "Send"), text=f"Set *{hostile}*")
    page = await visitor.until(has("message", "Set "))
    assert message(page, "Set ").all("strong")[-1].text == "<script>alert(1)</script> @channel <b>hej</b>"
    assert len(page.all("script")) == 1 and not page.all("b") and not page.all("i")


async def test_a_customer_in_slack_gets_a_card_and_sees_neither_triage_nor_commands(visitor: Visitor) -> None:
    page = await visitor.look("/?by=chat&example=1")
    await visitor.press(button(page, "Post"))
    page = await visitor.until(has("message", "Tore Vik"))
    await visitor.press(button(message(page, "Tore Vik"), "Send Reply"))
    await visitor.until(lambda page: len(page.all("article", "letter")) == 2)
    page = await visitor.look("/?person=tore")
    assert has("message", "bedriftsportalen")(page) and "support-triage" not in page.all("section")[1].text
    page = await visitor.press(button(page, "Send"), text="/tillid queue")
    assert has("said", "other organisations")(page)


async def test_the_answer_to_a_command_is_seen_by_the_asker_alone_until_dismissed(visitor: Visitor) -> None:
    await visitor.look("/?person=nils")
    page = await visitor.press(button(visitor.page, "/tillid whoami"))
    assert "Only visible to you" in message(page, "You are agent").text
    assert not has("message", "You are agent")(await visitor.look("/?person=freja"))
    (dismiss,) = [
        each for each in (await visitor.look("/?person=nils")).all("form") if "dismiss" in str(each.held)
    ]
    dismiss.children.append(Node("button", {}, dismiss))
    page = await visitor.press(dismiss.all("button")[0])
    assert not has("message", "You are agent")(page)


async def test_the_page_is_told_when_something_happens(visitor: Visitor) -> None:
    page = await visitor.look()
    async with visitor.client.get(f"{visitor.url}changes") as stream:
        first = await stream.content.readline()
        await visitor.press(button(page, "Send"), text="Godmorgen")
        async with asyncio.timeout(5):
            await stream.content.readline()
            second = await stream.content.readline()
    assert first.startswith(b"data: ") and int(second[6:]) > int(first[6:])


async def test_a_folder_with_an_earlier_day_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "tillid.db").write_bytes(b"")
    async with running(tmp_path) as visitor:
        await visitor.look()
    assert (tmp_path / "tillid.db").read_bytes() == b"" and (tmp_path / "day-2" / "tillid.db").exists()


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* and _leaning_", "<strong>bold</strong> and <em>leaning</em>"),
        ("2*3*4 and snake_case_name", "2*3*4 and snake_case_name"),
        ("a &lt;b&gt; &amp;amp; c", "a &lt;b&gt; &amp;amp; c"),
        ("`*as it is* <@U1>`", "<code>*as it is* &lt;@U1&gt;</code>"),
        ("<javascript:alert(1)|press>", "press"),
        (
            '<https://a.example/"x|y>',
            '<a href="https://a.example/&#34;x" target="_blank" rel="noopener noreferrer">y</a>',
        ),
        ("&gt; said before\nnow", "<blockquote>said before</blockquote>now"),
        ("\ue0000\ue001", "0"),
    ],
)
def test_slack_markup_becomes_html_that_is_safe(text: str, html: str) -> None:
    assert str(Words(Workspace(), ZoneInfo("Europe/Copenhagen")).mrkdwn(text)) == html


async def test_a_reply_can_be_taken_back_on_the_page(tmp_path: Path) -> None:
    async with running(tmp_path, undo_seconds=300) as visitor:
        page = await write_example(visitor)
        card = message(page, "Mette Hansen: charged twice")
        await visitor.press(button(card, "Send and Refund 499 kr."))
        page = await visitor.until(has("message", "Undo"))
        page = await visitor.press(button(page, "Undo"))
        page = await visitor.until(has("message", "Send and Refund 499 kr."))
        assert not has("mail", "Freja Holm")(page)
