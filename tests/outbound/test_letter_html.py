"""The HTML half of a mail: every word of its text, and nothing the text does not say."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.outbound.letter_html import letter_html, preheader

#: What the frame and the letter's own forms are made of.
TAGS = {"html", "head", "meta", "title", "body", "div", "p", "br", "ul", "ol", "li", "a"}
LETTER = """Hej Mette

Jeg sender 499 kr. tilbage i dag. De er hos dig onsdag.

Sådan gør du:
- pak lampen ind
- sæt mærkaten på

1. Gå til https://example.dk/retur?a=1&b=2.
2. Vent.

Venlig hilsen
Freja"""
HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *(
                    "<",
                    ">",
                    "&",
                    '"',
                    "'",
                    "<script>",
                    "</p>",
                    "<!--",
                    "-->",
                    "<img src=x onerror=a>",
                    "&lt;",
                ),
                *(
                    "https://",
                    "https://a.dk/",
                    "http://a.dk",
                    "javascript:a",
                    "https://a.dk/'><b>",
                    "]]>",
                    "{{",
                ),
                *(
                    "- ",
                    "1. ",
                    "2. ",
                    "\n",
                    "\n\n",
                    "* ",
                    "{% raw %}",
                    "</style>",
                    "<?",
                    "\u2028",
                    "\x85",
                    "\x00",
                ),
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=30,
).map("".join)


class Seen(HTMLParser):
    """What a mail program finds in a document."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.other: list[str] = []
        self.said: dict[str, str] = {"title": "", "preheader": "", "letter": ""}
        self._place = "letter"
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag in ("title", "div"):
            self._place = dict(attrs).get("class") or tag
        if tag in ("br", "p", "li"):
            self.said[self._place] += " "

    def handle_data(self, data: str) -> None:
        self.said[self._place] += data

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def unknown_decl(self, data: str) -> None:
        self.other.append(data)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)


def seen(text: str, **more: str) -> Seen:
    return Seen(letter_html(text, **({"subject": "Re: Hej", "language": "da"} | more)))


@given(HOSTILE, HOSTILE, HOSTILE)
def test_nothing_in_a_text_becomes_markup(text: str, subject: str, stop: str) -> None:
    found = seen(text, subject=subject, stop=stop)
    assert set(found.tags) <= TAGS
    assert found.other == []
    assert {name for name, _ in found.attributes} <= {
        *("lang", "charset", "name", "content", "style", "class", "href", "start")
    }
    assert all(str(value).startswith("https://") for name, value in found.attributes if name == "href")
    assert [value for name, value in found.attributes if name == "class"][:2] == ["preheader", "letter"]


@given(
    st.lists(st.text(st.characters(categories=["L", "N", "S", "P"]), min_size=1, max_size=12), max_size=20)
)
def test_every_word_of_the_text_is_in_the_letter_in_its_order(words: list[str]) -> None:
    # A list's own marks are drawn by the mail program, so none stand at the beginning of a line here.
    text = "Hej\n\nog " + " ".join(words)
    assert seen(text).said["letter"].split() == text.split()


def test_a_letter_has_its_paragraphs_lists_and_links() -> None:
    document = letter_html(LETTER, subject="Re: Lampe", language="da")
    found = Seen(document)
    assert [tag for tag in found.tags if tag in ("p", "ul", "ol", "li", "a", "br")] == [
        *("p", "p", "p", "ul", "li", "li", "ol", "li", "a", "li", "p", "br")
    ]
    assert (
        '<a href="https://example.dk/retur?a=1&amp;b=2">https://example.dk/retur?a=1&amp;b=2</a>.' in document
    )
    assert found.said["title"].strip() == "Re: Lampe"
    assert ("lang", "da") in found.attributes


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("Nørregade 4\n2. sal\n1165 København", 0),
        ("Freja\n- kundeservice", 0),
        ("- et\n- to", 1),
        ("- et\n* to", 0),
        ("1. et\n2. to\n3. tre", 1),
        ("1. et\n3. tre", 0),
        ("4) et\n5) to", 1),
        ("- et\n- to\n1. en\n2. to", 2),
    ],
)
def test_a_list_is_one_only_where_it_goes_on(text: str, lists: int) -> None:
    assert sum(tag in ("ul", "ol") for tag in seen(text).tags) == lists


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (LETTER, "Jeg sender 499 kr. tilbage i dag."),
        ("Hi Mette!\n\nI am sending it back today. It takes a week.", "I am sending it back today."),
        ("Jeg sender 499 kr. tilbage i dag. Hilsen", "Jeg sender 499 kr. tilbage i dag."),
        ("Hej Mette\nPengene er på vej", "Pengene er på vej"),
        ("Hej", "Hej"),
        ("", ""),
        ("Hej\n\n" + "meget langt " * 40, ("meget langt " * 40)[:138].strip() + " …"),
    ],
)
def test_the_inbox_shows_the_first_sentence_after_the_greeting(text: str, shown: str) -> None:
    assert preheader(text) == shown
    assert seen(text).said["preheader"].strip() == shown


def test_a_mail_fetches_nothing_and_fixes_no_colour() -> None:
    document = letter_html(LETTER, subject="Re: Lampe", language="da", stop="Nej tak: https://a.example/u/1")
    assert 'name="color-scheme" content="light dark"' in document
    for unwanted in (
        "<img",
        "<link",
        "<script",
        "<style",
        "url(",
        "background",
        " color:",
        "src=",
        "http://",
    ):
        assert unwanted not in document.replace("supported-color", "")


def test_a_very_long_letter_is_written_at_once() -> None:
    assert len(letter_html("- a\n" * 5000 + "1. b\nx\n" * 5000, subject="", language="da")) > 100_000
