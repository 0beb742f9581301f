"""A browser without scripts, for the tests of the sandbox's page: it uses only what stands on the page."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from aiohttp import ClientSession

VOID = ("input", "meta", "link", "hr", "br", "col", "img")


@dataclass
class Node:
    """An element of the page."""

    tag: str
    held: dict[str, str]
    parent: "Node | None" = None
    children: list["Node | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def all(self, tag: str, holds: str = "") -> list["Node"]:
        """Every element below with this tag whose class has the word `holds`."""
        return [each for each in self._below() if each.tag == tag and holds in each.held.get("class", "")]

    def _below(self) -> Iterator["Node"]:
        for each in self.children:
            if isinstance(each, Node):
                yield each
                yield from each._below()

    @property
    def form(self) -> "Node":
        node: Node | None = self
        while node is not None and node.tag != "form":
            node = node.parent
        assert node is not None
        return node


class Reader(HTMLParser):
    """Builds the tree of nodes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self._at = Node("root", {})
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.children.append(node)
        if tag not in VOID:
            self._at = node

    def handle_endtag(self, tag: str) -> None:
        assert self._at.tag == tag, f"{tag} closes {self._at.tag}"
        assert self._at.parent is not None
        self._at = self._at.parent

    def handle_data(self, data: str) -> None:
        self._at.children.append(data)


class Visitor:
    """A browser: it remembers where it is, and can only use what is on the page."""

    def __init__(self, url: str, client: ClientSession) -> None:
        self.url, self.here, self.client = url, url, client
        self.page = Node("root", {})

    async def look(self, address: str = "") -> Node:
        async with self.client.get(self.url.rstrip("/") + address if address else self.here) as answer:
            assert answer.status == 200, await answer.text()
            return self._arrive(str(answer.url), await answer.text())

    async def until(self, there: Callable[[Node], object]) -> Node:
        """Looks again until something is so: pages change while the program works."""
        async with asyncio.timeout(10):
            while not there(await self.look()):  # noqa: ASYNC110 - over HTTP there is nothing to wait on
                await asyncio.sleep(0.05)
        return self.page

    async def press(self, button: Node, **typed: str) -> Node:
        """Sends the button's form; `typed` names a field by its name or the words of its label."""
        form = button.form
        fields = {each.held["name"]: each.held.get("value", "1") for each in _filled(form)}
        fields |= {each.held["name"]: each.text.removeprefix("\n") for each in form.all("textarea")}
        for label, text in typed.items():
            (name,) = [each for each in fields if each == label or f'"{label}"' in each]
            fields[name] = text
        if "name" in button.held:
            fields[button.held["name"]] = button.held["value"]
        path = button.held.get("formaction") or form.held["action"]
        async with self.client.post(self.url.rstrip("/") + path, data=fields) as answer:
            assert answer.status == 200, await answer.text()
            return self._arrive(str(answer.url), await answer.text())

    def _arrive(self, url: str, html: str) -> Node:
        self.here, self.page = url, Reader(html).root
        return self.page


def _filled(form: Node) -> list[Node]:
    inputs = [each for each in form.all("input") if "name" in each.held]
    return [each for each in inputs if each.held.get("type") != "checkbox" or "checked" in each.held]


def button(page: Node, words: str) -> Node:
    """The one button with these words, or the first of several that do the same."""
    found = [each for each in page.all("button") if each.text.strip() == words]
    assert found, f"no button {words}: {[each.text for each in page.all('button')]}"
    return found[0]


def message(page: Node, words: str) -> Node:
    """The newest message in Slack with these words."""
    found = [each for each in page.all("article", "message") if words in each.text]
    assert found, f"no message says {words}: {[each.text for each in page.all('article', 'message')]}"
    return found[-1]


def has(kind: str, words: str) -> Callable[[Node], bool]:
    """Whether an element of this class says the words."""
    tags = {"message": "article", "mail": "a", "window": "form", "said": "p", "letter": "article"}
    return lambda page: any(words in each.text for each in page.all(tags[kind], kind))
