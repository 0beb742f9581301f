"""docs/replies.md shows the letters as they are now."""

from pathlib import Path

import bench.replies
from bench.replies import LANGUAGES, PAGE, TEMPLATES, page


def test_the_page_is_what_the_command_makes() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bench.replies`"


def test_every_letter_stands_on_the_page_in_every_language() -> None:
    text = page()
    for language, title in LANGUAGES.items():
        letters = [
            path.stem for path in (TEMPLATES / language).rglob("*.j2") if not path.name.startswith("_")
        ]
        assert letters
        for name in letters:
            _, _, section = text.partition(f"\n### {name}\n")
            assert f"**{title}** · " in section.partition("\n### ")[0], f"{language}: {name}"


def test_the_page_stands_where_the_documents_are() -> None:
    assert Path(bench.replies.__file__).parent.parent / "docs" == PAGE.parent
