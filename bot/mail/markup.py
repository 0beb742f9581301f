"""HTML -> the text a person would see. Pure; never raises.

Scripts, styles and everything hidden are dropped. Quoted blocks come out with "> " before each line, so that
the stripping of replies works on HTML as it does on plain text.
Caps: 500,000 characters of HTML; below 150 levels the words come without layout.
"""

import re
from collections.abc import Iterator
from html import unescape

# Neither library ships type information; only the calls below touch them.
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree, html

MAX_HTML_CHARS = 500_000
MAX_LEVELS = 150

# Private-use characters that carry the beginning and end of a quote through the conversion.
_OPEN, _CLOSE = "\ue000", "\ue001"
_DROPPED = ("script", "style", "head", "title", "template", "noscript", "object", "svg", "form-data")
_HIDDEN = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all"
    r"|font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:!important\s*)?(?:;|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$))",
    re.IGNORECASE,
)
_NO_HEIGHT = re.compile(r"(?:^|[;\s])max-height\s*:\s*0(?:px)?\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE)
_META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{2,40})", re.IGNORECASE)
_INLINE_FILE = re.compile(r"\bdata:[a-z]{1,20}/[^\s\"'<>]*", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
#: Splits at the marks of elements whose content is never shown; the group is "/" for a closing mark.
_SILENT = re.compile(r"<(/?)(?:script|style|title)\b[^<>]{0,500}>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}>", re.IGNORECASE)
_BLANK_LINES = re.compile(r"\n{3,}")


def meta_charset(raw: bytes) -> str:
    """The charset that the document names in its head, or empty."""
    found = _META_CHARSET.search(raw[:4096])
    return found[1].decode("ascii") if found else ""


def without_inline_files(markup: str) -> str:
    """Pictures that stand in the page itself would use up the cap."""
    return _INLINE_FILE.sub("", markup)


def html_text(markup: str) -> str:
    """Visible text, lines without trailing space, never more than one blank line in a row."""
    markup = _XML_DECLARATION.sub("", markup[:MAX_HTML_CHARS].replace(_OPEN, "").replace(_CLOSE, ""))
    if not markup.strip():
        return ""
    try:
        tree = html.document_fromstring(markup)
    except (etree.LxmlError, ValueError):
        return _without_tags(markup)
    if _levels(tree) > MAX_LEVELS:
        # The parser leaves out what lies deeper than it can go, and the converter recurses.
        return _without_tags(markup)
    _drop_unseen(tree)
    _flatten(tree)
    return _tidy(_quote(Inscriptis(tree, _configuration()).get_text()))


def _configuration() -> ParserConfig:
    return ParserConfig(css=CSS_PROFILES["strict"].copy())


def _without_tags(markup: str) -> str:
    first, *others = _SILENT.split(markup)
    shown = [first, *(rest for mark, rest in zip(others[::2], others[1::2], strict=True) if mark == "/")]
    return _tidy(unescape(_TAG.sub(" ", " ".join(shown))))


def _drop_unseen(tree: html.HtmlElement) -> None:
    for element in list(tree.iter()):
        if element.getparent() is None:
            continue
        if not isinstance(element.tag, str) or element.tag in _DROPPED or _is_hidden(element):
            element.drop_tree()


def _is_hidden(element: html.HtmlElement) -> bool:
    if "hidden" in element.attrib:
        return True
    style = element.get("style") or ""
    if not style:
        return False
    return bool(_HIDDEN.search(style)) or ("overflow" in style and bool(_NO_HEIGHT.search(style)))


def _levels(tree: html.HtmlElement) -> int:
    level = deepest = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def _flatten(tree: html.HtmlElement) -> None:
    """Layout tables become lines; attributes that only style, and may make the converter raise, go."""
    for element in list(tree.iter()):
        if element.tag == "blockquote" and _is_quote(element):
            _mark(element)
        if element.tag in ("td", "th"):
            element.tag = "span"
            element.tail = "  " + (element.tail or "").strip()
        elif element.tag in ("table", "tbody", "thead", "tfoot", "tr", "blockquote"):
            element.tag = "div"
        keep = (
            "white-space:pre"
            if "pre" in (element.get("style") or "").partition("white-space")[2][:12]
            else ""
        )
        element.attrib.clear()
        if keep:
            element.set("style", keep)


def _is_quote(element: html.HtmlElement) -> bool:
    described = f"{element.get('type', '')} {element.get('class', '')} {element.get('id', '')}".lower()
    if any(word in described for word in ("cite", "quote", "reply")):
        return True
    return "border-left" in (element.get("style") or "").lower()


def _mark(element: html.HtmlElement) -> None:
    first, last = html.Element("div"), html.Element("div")
    first.text, last.text = _OPEN, _CLOSE
    first.tail, element.text = element.text, None
    element.insert(0, first)
    element.append(last)


def _quote(text: str) -> str:
    return "\n".join(_quoted_lines(text)) if _OPEN in text else text


def _quoted_lines(text: str) -> Iterator[str]:
    depth = 0
    for line in text.split("\n"):
        opened, closed = line.count(_OPEN), line.count(_CLOSE)
        depth += opened
        words = line.replace(_OPEN, "").replace(_CLOSE, "").strip()
        if words or not (opened or closed):
            yield ">" * min(depth, 9) + (" " if depth else "") + words
        depth = max(0, depth - closed)


def _tidy(text: str) -> str:
    lines = (re.sub(r"[ \t\xa0\u200b\u200c\u034f\xad]+", " ", line).strip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
