"""/unsubscribe on a real port: looking changes nothing, pressing stops follow-ups, and nobody needs a cookie."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from builders import NOW, customer, identity
from scenes import Scene
from serving import serving
from sqlalchemy import Engine

from bot.handlers.web import application
from bot.rules.unsubscribe_words import words
from storage import unsubscribing
from storage.engine import reading, transaction
from storage.tables import AuditEvent, Customer

LANGUAGES = ("da", "nb", "nn", "sv", "en")


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


@asynccontextmanager
async def page(scene: Scene) -> AsyncIterator[str]:
    """Where the page is."""
    async with serving(application(lambda: NOW, lambda: NOW, scene.parts)) as port:
        yield f"http://127.0.0.1:{port}/unsubscribe/"


def link(scene: Scene, language: str = "da") -> str:
    with transaction(scene.parts.engine) as session:
        return unsubscribing.new_link(session, identity(customer(session, language=language)), NOW)


def opted_out(scene: Scene) -> list[bool]:
    with reading(scene.parts.engine) as session:
        return [session.get_one(Customer, 1).no_follow_ups]


async def asked(method: str, url: str, **more: object) -> tuple[aiohttp.ClientResponse, str]:
    async with aiohttp.ClientSession() as client, client.request(method, url, **more) as answer:  # type: ignore[arg-type]
        return answer, await answer.text()


@pytest.mark.parametrize("language", LANGUAGES)
async def test_looking_shows_a_button_in_the_customers_language_and_changes_nothing(
    scene: Scene, language: str
) -> None:
    token = link(scene, language)
    async with page(scene) as place:
        for method in ("GET", "HEAD", "GET"):
            answer, said = await asked(method, place + token)
            assert (answer.status, answer.content_type) == (200, "text/html")
    spoken = words(language)
    assert f'<html lang="{language}">' in said
    assert spoken.ask.replace("{house}", scene.parts.house.name) in said
    assert f">{spoken.button}</button>" in said
    assert spoken.still in said
    assert token not in said
    assert opted_out(scene) == [False]
    assert scene.rows(AuditEvent) == []


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"data": b"", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"json": {"anything": 1}},
        {},
    ],
    ids=["one-click", "empty-multipart", "json", "nothing"],
)
async def test_pressing_stops_follow_ups_however_a_program_says_it(
    scene: Scene, sent: dict[str, object]
) -> None:
    token = link(scene, "sv")
    async with page(scene) as place:
        for _ in range(3):
            answer, said = await asked("POST", place + token, allow_redirects=False, **sent)
            assert answer.status == 200
    assert words("sv").done.replace("{house}", scene.parts.house.name) in said
    assert "<form" not in said
    assert opted_out(scene) == [True]
    assert [event.action for event in scene.rows(AuditEvent)] == ["follow_ups_declined"]


async def test_the_page_sets_no_cookie_loads_nothing_and_keeps_the_address_to_itself(scene: Scene) -> None:
    token = link(scene)
    async with page(scene) as place:
        for method in ("GET", "POST"):
            answer, said = await asked(method, place + token)
            assert "Set-Cookie" not in answer.headers
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert not any(each in said for each in ("src=", "href=", "<script", "http://", "https://"))


@pytest.mark.parametrize("token", ["unknown", "%00", "..%2f..", "<b>", "x" * 3000])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_link_nobody_knows_says_kindly_what_to_do(scene: Scene, method: str, token: str) -> None:
    link(scene)
    async with page(scene) as place:
        answer, said = await asked(method, place + token)
    assert answer.status == 404
    assert words(scene.parts.house.language).unknown in said
    assert opted_out(scene) == [False]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_nothing_else_can_be_done_there(scene: Scene, method: str) -> None:
    token = link(scene)
    async with page(scene) as place:
        assert (await asked(method, place + token))[0].status == 405
    assert opted_out(scene) == [False]


@pytest.mark.parametrize(("language", "spoken"), [("", "da"), ("de", "en"), ("fi", "en")])
async def test_a_customer_whose_language_we_do_not_write_is_answered_all_the_same(
    scene: Scene, language: str, spoken: str
) -> None:
    token = link(scene, language)
    async with page(scene) as place:
        assert words(spoken).button in (await asked("GET", place + token))[1]


async def test_a_database_that_is_away_means_try_again(scene: Scene, tmp_path: Path) -> None:
    from dataclasses import replace

    from storage.engine import connect

    elsewhere = connect(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    scene.parts = replace(scene.parts, engine=elsewhere)
    async with page(scene) as place:
        for method in ("GET", "POST"):
            answer, said = await asked(method, place + "any")
            assert answer.status == 503
            assert words("da").away in said


def test_every_language_says_everything_and_names_the_house_and_the_address() -> None:
    for language in LANGUAGES:
        spoken = words(language)
        assert spoken.line.endswith(": {url}")
        assert "{house}" in spoken.ask
        assert "{house}" in spoken.done
        assert all((spoken.title, spoken.still, spoken.button, spoken.unknown, spoken.away))
        assert "!" not in "".join((spoken.line, spoken.ask, spoken.done, spoken.unknown, spoken.away))
    assert len({words(language) for language in LANGUAGES}) == len(LANGUAGES)
