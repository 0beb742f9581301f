"""Commands that read words: what suggest, lint and mail parse answer to each line or file."""

from pathlib import Path

import pytest
from command_line import UNKIND, jsonl, lines, tillid

pytestmark = pytest.mark.usefixtures("own_settings")
ROOT = Path(__file__).parent.parent
MAILS = ROOT / "tests" / "data" / "mail"
TWICE = "Jeg er blevet trukket 499 kr. to gange for ordre 10432. Hvad gør I?"


# ---- suggest ------------------------------------------------------------------------------------------------


def test_suggest_answers_each_line_with_one() -> None:
    order = {"id": "10432", "currency": "DKK", "paid_minor": 99_800, "captures_minor": [49_900, 49_900]}
    result = tillid(
        "suggest", "--json", stdin=jsonl({"id": "a", "text": TWICE, "order": order}, {"id": 2, "text": "Tak"})
    )
    assert result.exit_code == 0
    first, second = lines(result)
    assert (first["id"], first["language"], first["intents"][0]["name"]) == ("a", "da", "double_charge")
    assert (first["remedy"]["amount_minor"], first["remedy"]["known"]) == (49_900, True)
    assert "499 kr." in first["reply"]["text"]
    assert second["id"] == 2
    assert set(first) == set(second)


def test_suggest_reads_a_file_and_a_dash_means_standard_input(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(jsonl({"text": TWICE}), encoding="utf-8")
    from_file = tillid("suggest", tmp_path / "in.jsonl", "--json")
    from_dash = tillid("suggest", "-", "--json", stdin=jsonl({"text": TWICE}))
    assert from_file.exit_code == from_dash.exit_code == 0
    assert lines(from_file)[0]["intents"] == lines(from_dash)[0]["intents"]


@pytest.mark.parametrize(
    "bad",
    [
        "not json",
        "[]",
        "null",
        '"text"',
        "{}",
        '{"text": 5}',
        '{"text": null}',
        '{"text": "Hej", "order": "10432"}',
        '{"text": "Hej", "order": {"currency": "kroner"}}',
        '{"text": "Hej", "order": {"currency": "DKK", "captures_minor": ["499"]}}',
        '{"text": "Hej", "order": {"currency": "DKK", "items": [5]}}',
        '{"text": "Hej", "order": {"currency": "DKK", "delivery": "soon"}}',
        '{"text": "Hej", "customer": "Mette"}',
        '{"text": "Hej", "customer": {"strikes": [5]}}',
        '{"text": "Hej", "customer": {"strikes": ["soon"]}}',
        '{"text": "Hej", "customer": {"customer_since": 5}}',
        '{"text": "Hej", "customer": {"past_languages": "da"}}',
        '{"text": "Hej", "customer": {"open_cases": "many"}}',
        '{"text": "Hej", "agent": "Freja"}',
        '{"text": "Hej", "agent": {"role": "king"}}',
        '{"text": "Hej", "channel": "fax"}',
        '{"text": "Hej", "now": "soon"}',
        '{"text": "\\ud800"}',
        "[" * 100_000,
        "\udce5",
    ],
    ids=lambda bad: str(bad)[:60],
)
def test_a_bad_line_is_named_by_its_number_and_the_rest_is_done(bad: str) -> None:
    stdin = jsonl({"id": 1, "text": "Tak"}) + bad + "\n\n" + jsonl({"id": 4, "text": "Tak"})
    result = tillid("suggest", "--json", stdin=stdin.encode("utf-8", "surrogateescape"))
    assert result.exit_code == 2, result.exception
    assert [each["id"] for each in lines(result)] == [1, 4]
    assert result.stderr.startswith("line 2: ")


def test_suggest_for_people_shows_words_as_they_are() -> None:
    text = f"{TWICE} [/bold] [red]x[/nothing]"
    result = tillid("suggest", stdin=jsonl({"id": "[/b]", "text": text, "subject": "[/i]"}))
    assert result.exit_code == 0, result.exception
    assert "[/b]" in result.stdout
    assert "double_charge" in result.stdout
    assert "Rule: " in result.stdout


def test_a_file_that_is_not_there_is_one_line() -> None:
    result = tillid("suggest", "nowhere[/x].jsonl", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.strip() == "nowhere[/x].jsonl: No such file or directory"


def test_suggest_takes_the_words_of_a_house(tmp_path: Path) -> None:
    assert tillid("init", tmp_path / "house").exit_code == 0
    template = tmp_path / "house" / "templates" / "da" / "reply" / "double_charge_looking.j2"
    template.parent.mkdir(parents=True)
    template.write_text("Hej\n---\nVores egne ord.\n", encoding="utf-8")
    ours = tillid("suggest", "--json", "--house", tmp_path / "house", stdin=jsonl({"text": TWICE}))
    assert ours.exit_code == 0, ours.exception
    assert "Vores egne ord." in lines(ours)[0]["reply"]["text"]


# ---- lint ---------------------------------------------------------------------------------------------------


def test_lint_names_what_may_be_heard_as_distrust() -> None:
    text = f"Hej Mette. {UNKIND}"
    result = tillid(
        "lint", "--json", stdin=jsonl({"id": "a", "text": text}, {"id": "b", "text": "Tak, Mette."})
    )
    assert result.exit_code == 0
    first, second = lines(result)
    (finding,) = first["findings"]
    assert (finding["category"], finding["severity"]) == ("demands_proof", "high")
    assert text[finding["start"] : finding["end"]] == finding["text"]
    assert finding["why"] and finding["rewrite"]
    assert second == {"id": "b", "language": "da", "findings": []}


def test_lint_for_people_shows_the_kinder_words() -> None:
    result = tillid("lint", stdin=jsonl({"id": "[/b]", "text": UNKIND}, {"id": "[/i]", "text": "Tak"}))
    assert result.exit_code == 0, result.exception
    assert "Kinder:" in result.stdout
    assert "[/i]: no findings" in result.stdout


@pytest.mark.parametrize(
    "bad", ["x", "{}", '{"text": 5}', '{"text": "Hej", "language": "xx"}', '{"text": "Hej", "intent": 5}']
)
def test_lint_names_bad_lines_too_or_does_without(bad: str) -> None:
    result = tillid("lint", "--json", stdin=f"{bad}\n" + jsonl({"text": "Tak"}))
    assert result.exit_code in (0, 2), result.exception
    assert len(lines(result)) == (1 if result.exit_code else 2)


# ---- mail parse ---------------------------------------------------------------------------------------------


def test_mail_parse_says_how_a_mail_is_read() -> None:
    result = tillid("mail", "parse", "--json", MAILS / "da_gmail_reply.eml", MAILS / "bounce_failed.eml")
    assert result.exit_code == 0
    reply, bounce = lines(result)
    assert reply["file"] == str(MAILS / "da_gmail_reply.eml")
    assert reply["automatic"] is None
    assert isinstance(reply["text"], str) and len(reply["reply"]) < len(reply["text"])
    assert bounce["automatic"] == "bounce"
    assert bounce["bounce"]["recipients"][0]["permanent"] is True


def test_mail_parse_names_what_is_no_mail_and_goes_on(tmp_path: Path) -> None:
    (tmp_path / "empty.eml").write_bytes(b"")
    good = MAILS / "da_gmail_reply.eml"
    result = tillid("mail", "parse", "--json", tmp_path / "empty.eml", tmp_path / "none.eml", good)
    assert result.exit_code == 2
    assert [each["file"] for each in lines(result)] == [str(good)]
    assert "empty.eml" in result.stderr and "none.eml" in result.stderr


def test_mail_parse_shows_any_mail_to_people(tmp_path: Path) -> None:
    raw = b"From: a@example.dk\r\nSubject: [/b] [red]\r\n\r\nHej [/i] [link=x]\r\n"
    (tmp_path / "odd.eml").write_bytes(raw)
    result = tillid("mail", "parse", tmp_path / "odd.eml", *sorted(MAILS.glob("*.eml")))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Hej [/i] [link=x]" in result.stdout
