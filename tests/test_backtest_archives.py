"""Old mail as it really lies there: several places, twice the same, broken, huge; and what is no mail at all."""

import asyncio
import json
import mailbox
from pathlib import Path
from typing import Any

import pytest
from scenes import OURS, mail
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.backtest import open_archive, read_mails
from bot.errors import ConfigError
from bot.sandbox.mail_servers import MailServers

ASKED = "Hvor er min pakke? Den skulle være kommet i fredags."


def tillid(*words: object) -> Result:
    return CliRunner().invoke(cli, ["backtest", *map(str, words)])


def lines(*words: object) -> list[dict[str, Any]]:
    done = tillid(*words, "--json")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def question(number: int = 1, text: str = ASKED, **fields: Any) -> bytes:
    date = f"Mon, 02 Mar 2026 09:{number:02}:00 +0100"
    return mail(text, **({"message_id": f"<q{number}@example.dk>", "Date": date} | fields))


def answer(text: str, *, to: str = "mette@example.dk", sender: str = OURS, **fields: Any) -> bytes:
    raw = mail(text, sender=sender, **({"Date": "Mon, 02 Mar 2026 12:00:00 +0100"} | fields))
    return raw.replace(f"To: {OURS}".encode(), f"To: {to}".encode(), 1)


def keep(folder: Path, *raws: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(raws):
        (folder / f"{number:02}.eml").write_bytes(raw)
    return folder


def mbox(path: Path, *raws: bytes) -> Path:
    box = mailbox.mbox(path)
    for raw in raws:
        box.add(raw)
    box.close()
    return path


# ---- where mail lies -----------------------------------------------------------------------------------------


def test_the_sent_mail_may_be_another_place(tmp_path: Path) -> None:
    inbox = mbox(tmp_path / "inbox.mbox", question())
    sent = mbox(tmp_path / "sent", answer("Den kommer i morgen.", answers="q1@example.dk"))
    replayed, last = lines(inbox, sent, "--ours", OURS)
    assert replayed["answer"] == "Den kommer i morgen."
    assert last["summary"]["own"] == last["summary"]["answered"] == 1


def test_a_folder_of_mboxes_and_a_maildir_with_folders_are_read_whole(tmp_path: Path) -> None:
    mbox(tmp_path / "Inbox", question(1))
    box = mailbox.Maildir(tmp_path / "box")
    box.add(question(2))
    box.add_folder("Sent").add(answer("Svar.", answers="q2@example.dk"))
    (tmp_path / "box" / "dovecot.index").write_bytes(b"\x00\x01\x02 no mail")
    (tmp_path / "box" / "tmp" / "half").write_bytes(question(3))
    summary = lines(tmp_path, "--ours", OURS)[-1]["summary"]
    assert (summary["customers"], summary["answered"], summary["unreadable"]) == (2, 1, 0)


def test_one_mail_is_read_whatever_its_name_is(tmp_path: Path) -> None:
    file = tmp_path / "saved mail"
    file.write_bytes(question())
    assert lines(file)[-1]["summary"]["customers"] == 1


async def test_an_inbox_and_a_sent_folder_named_in_any_language_are_read() -> None:
    async with MailServers() as servers:
        await servers.deliver(question())
        # "Sänt & mer", as the protocol writes it.
        await servers.deliver(answer("På väg.", answers="q1@example.dk"), "S&AOQ-nt &- mer")
        sent = servers.imap_url.replace("INBOX", "S%C3%A4nt%20%26%20mer")
        replayed, last = await asyncio.to_thread(lines, servers.imap_url, sent, "--ours", OURS)
    assert replayed["answer"] == "På väg."
    assert last["summary"]["own"] == 1


@pytest.mark.parametrize(
    ("part", "wrong", "said"),
    [
        ("INBOX", "Nowhere%22", "no such folder"),
        ("://", "://x%C3%A6", "refused the user or the password"),
        ("://", "://x", "refused the user or the password"),
    ],
)
async def test_what_a_server_refuses_is_told_apart(part: str, wrong: str, said: str) -> None:
    async with MailServers() as servers:
        done = await asyncio.to_thread(tillid, servers.imap_url.replace(part, wrong, 1))
    assert done.exit_code == 1
    assert isinstance(done.exception, ConfigError), done.exception
    assert said in str(done.exception)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("", "an empty path"),
        ("-", "give an mbox"),
        ("nowhere.mbox", "no such file or folder"),
        ("https://example.dk/mail", "give an mbox"),
        ("imap://user:secret@localhost:notaport/INBOX", "wrong host or port"),
        ("imaps://user:secret@/INBOX", "names no server"),
        ("imaps://mail.example", "names no user"),
        ("imap://user:secret@127.0.0.1:1/INBOX", "cannot be read"),
        ("empty", "no file in it"),
        ("notes", "no mail in it"),
        ("notes/blank.mbox", "no mail in it"),
        ("a\0b", "no such file"),
    ],
)
def test_a_wrong_place_is_one_clear_line(
    where: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.txt").write_text("Nothing of this is a mail.\n", encoding="utf-8")
    (tmp_path / "notes" / "photo.jpg").write_bytes(bytes(range(256)) * 40)
    (tmp_path / "notes" / "blank.mbox").touch()
    done = tillid(where)
    assert done.exit_code == 1
    assert isinstance(done.exception, ConfigError), done.exception
    assert said in str(done.exception)
    assert "secret" not in str(done.exception)
    assert done.stdout == ""


def test_an_address_of_ours_that_is_none_is_refused(tmp_path: Path) -> None:
    done = tillid(keep(tmp_path, question()), "--ours", "lampehuset")
    assert done.exit_code == 2
    assert "'lampehuset' is not an address" in done.stderr


# ---- what is counted -----------------------------------------------------------------------------------------


def test_a_mail_that_is_there_twice_counts_once(tmp_path: Path) -> None:
    summary = lines(keep(tmp_path, question(), question()), "--ours", OURS)[-1]["summary"]
    assert (summary["mails"], summary["customers"], summary["duplicates"]) == (2, 1, 1)


def test_two_mails_with_one_message_id_are_two() -> None:
    archive = open_archive([question(), question(text="Er der nyt?")], [OURS])
    assert (len(archive.messages), archive.duplicates) == (2, 0)


def test_broken_mails_stop_nothing_and_are_counted(tmp_path: Path) -> None:
    broken = (
        b"\x00\x01\x02\xff\xfe" * 500,
        b"",
        b"From: a@b.dk\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain; charset=nope\n"
        b"Content-Transfer-Encoding: base64\n\n!!!not base64\n",
        b"From: \xff\xfe <q@z.dk>\nDate: nonsense\nSubject: =?utf-8?q?=ff=fe?=\n\nhej \xff\xff hvor er den?\n",
        b"From: q@z.dk\nDate: Mon, 99 Foo 99999 99:99:99 +9999\n\nhvorn\xe5r kommer pakken?\n",
        b"From: y@z.dk\nDate: Fri, 31 Dec 9999 23:59:59 -1400\n\nhej\n",
        b"Only some text.\n",
    )
    *replayed, last = lines(keep(tmp_path, question(), *broken), "--ours", OURS)
    assert (last["summary"]["mails"], last["summary"]["unreadable"]) == (8, 3)
    assert len(replayed) == last["summary"]["customers"] == 5
    assert all(each["suggestion"]["reply"] or each["suggestion"]["rule"] for each in replayed)


def test_a_mail_of_two_megabytes_takes_its_place_among_the_others(tmp_path: Path) -> None:
    long = question(2, "Min lampe er gået i stykker. " * 72_000, subject="Lang")
    *replayed, last = lines(keep(tmp_path, question(), long), "--ours", OURS)
    assert [each["subject"] for each in replayed] == ["Hej", "Lang"]
    assert last["summary"]["slowest"][0]["subject"] == "Lang"
    assert last["summary"]["slowest_milliseconds"] < 30_000
    shown = tillid(tmp_path, "--ours", OURS)
    assert shown.exit_code == 0
    assert len(shown.stdout) < 20_000


# ---- whose mail is whose -------------------------------------------------------------------------------------


def test_colleagues_who_answer_in_their_own_name_are_ours() -> None:
    raws = [
        question(1),
        question(2, sender="ib@kunde.example"),
        # A customer at the same large provider, or a colleague who writes to the shop, is not an answer.
        question(3, sender="kunde@lampehuset.example"),
        answer("Hej.", sender="anna@lampehuset.example", answers="q1@example.dk"),
    ]
    assert open_archive(raws).ours == {OURS, "anna@lampehuset.example"}


def test_an_answer_is_found_by_its_thread_where_only_the_last_mail_was_answered(tmp_path: Path) -> None:
    references = "<q1@example.dk> <q2@example.dk>"
    ours = answer("Vi ser på det.", In_Reply_To="<q2@example.dk>", References=references)
    found = lines(keep(tmp_path, question(1), question(2, text="Er der nyt?"), ours), "--ours", OURS)
    assert [each["answer"] for each in found[:2]] == ["Vi ser på det."] * 2


def test_an_answer_that_names_no_mail_is_found_by_address_and_subject(tmp_path: Path) -> None:
    asked = question(1, subject="Min pakke")
    other = question(2, subject="Min pakke", sender="ib@kunde.example")
    late = question(59, subject="Min pakke", text="Og nu igen?", Date="Tue, 03 Mar 2026 09:00:00 +0100")
    ours = answer("Den er på vej.", subject="SV: Re: min  pakke")
    found = lines(keep(tmp_path, asked, other, late, ours), "--ours", OURS)
    assert [each["answer"] for each in found[:3]] == ["Den er på vej.", None, None]


def test_what_a_thread_is_about_is_kept_while_it_goes_on(tmp_path: Path) -> None:
    ours = answer("Vil du have en ny?", message_id="<a@lampehuset.example>", answers="q1@example.dk")
    broken = question(1, text="Lampen kom frem i tusind stykker.", subject="")
    number = question(
        2, text="12345678901234567890", subject="", answers="a@lampehuset.example",
        Date="Tue, 03 Mar 2026 09:00:00 +0100",
    )  # fmt: skip
    last = lines(keep(tmp_path, broken, ours, number), "--ours", OURS)[-1]
    assert set(last["summary"]["by_intent"]) == {"damaged_item"}


def test_reading_a_place_changes_nothing_there(tmp_path: Path) -> None:
    path = mbox(tmp_path / "old.mbox", question(1), question(2))
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert len(list(read_mails(str(path)))) == 2
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert [each.name for each in tmp_path.iterdir()] == ["old.mbox"]
