"""A letter's own file: named in house.yaml, shown on the card, sent with the mail unless it is taken out."""

from dataclasses import replace
from pathlib import Path

import pytest
from scenes import Scene, house, mail

from bot import desk
from bot.desk.replies import Wording
from bot.errors import ConfigError, Refused
from bot.house import open_house
from bot.house_attachments import house_attachments
from bot.views import card_view
from storage.engine import reading
from storage.files import NewFile
from storage.tables import OutboxItem, StoredFile

TEMPLATES = Path(__file__).parent.parent / "bot" / "templates"
LABEL = NewFile("returlabel.pdf", "application/pdf", "application/pdf", b"%PDF-1.7 label", 14)


def laid_out(folder: Path, attach: str, **files: bytes) -> Path:
    """A house with these files; a name's last underscore is its dot."""
    (folder / "files").mkdir()
    (folder / "house.yaml").write_text(f"name: Lampehuset\nattach: {attach}\n", encoding="utf-8")
    for name, content in files.items():
        (folder / "files" / ".".join(name.rsplit("_", 1))).write_bytes(content)
    return folder


def test_a_letters_file_is_read_with_the_house(tmp_path: Path) -> None:
    folder = laid_out(tmp_path, "{reply/return_granted: label.pdf}", label_pdf=b"%PDF-1.7 x")
    opened = open_house(folder)
    assert opened.problems == ()
    file = opened.attachments["reply/return_granted"]
    assert (file.name, file.type, file.content) == ("label.pdf", "application/pdf", b"%PDF-1.7 x")


@pytest.mark.parametrize(
    ("attach", "problem"),
    [
        ("{reply/return_granted: gone.pdf}", "files/gone.pdf: is not there"),
        ("{reply/retrun_granted: label.pdf}", "there is no letter reply/retrun_granted"),
        ("{reply/return_granted: ../house.yaml}", "must lie in files/ itself"),
        ("{reply/return_granted: /etc/passwd}", "must lie in files/ itself"),
        ("{reply/return_granted: fake.pdf}", "is no picture, PDF, text or office document"),
    ],
)
def test_a_file_that_cannot_go_along_is_a_problem_and_is_left_out(
    tmp_path: Path, attach: str, problem: str
) -> None:
    folder = laid_out(tmp_path, attach, label_pdf=b"%PDF-1.7 x", fake_pdf=b"MZ" + bytes(80))
    opened = open_house(folder)
    assert opened.attachments == {}
    assert [problem in each for each in opened.problems] == [True]


@pytest.mark.parametrize("wanted", ["label.pdf", ["a"], {"reply/return_granted": 3}])
def test_attach_that_is_no_mapping_stops_the_start(wanted: object) -> None:
    with pytest.raises(ConfigError, match="attach must map"):
        house_attachments(wanted, TEMPLATES, None)


async def drafted(scene: Scene) -> Scene:
    """A draft whose letter has a file of its own."""
    await scene.receive(mail("Hej, jeg vil gerne returnere min lampe. Hvordan gør jeg?"))
    attached = {str(scene.card().template): LABEL}
    scene.parts = replace(scene.parts, house=replace(house(), attachments=attached))
    scene.desk = desk.Desk(scene.parts.house, scene.parts.places)
    return scene


async def test_the_card_shows_the_file_and_it_goes_with_the_mail(scene: Scene) -> None:
    await drafted(scene)
    with reading(scene.parts.engine) as session:
        view = card_view(session, 1, scene.parts.house, scene.now)
    assert view is not None
    assert [each.name for each in view.enclosed] == ["returlabel.pdf"]
    scene.send()
    (stored,) = scene.rows(StoredFile)
    (letter,) = [row for row in scene.rows(OutboxItem) if row.kind == "mail"]
    assert letter.payload["files"] == [stored.id]
    assert (stored.name, stored.content) == ("returlabel.pdf", LABEL.content)
    assert stored.message_row_id is not None


async def test_a_colleague_can_take_the_file_out_or_add_another(scene: Scene) -> None:
    await drafted(scene)
    other = replace(LABEL, name="anden.pdf")
    scene.send(wording=Wording("Hej. Freja", files=(other,), with_house_file=False))
    assert [row.name for row in scene.rows(StoredFile)] == ["anden.pdf"]


async def test_too_much_for_one_letter_is_refused_and_nothing_is_written(scene: Scene) -> None:
    await drafted(scene)
    large = replace(LABEL, size_bytes=8 * 1024 * 1024)
    for files, why in (((large, large), "15 MB together"), ((LABEL,) * 6, "At most 6 files")):
        with pytest.raises(Refused, match=why):
            scene.send(wording=Wording("Hej. Freja", files=files))
    assert scene.rows(StoredFile) == []
    assert scene.waiting("mail") == []


async def test_an_answer_in_slack_carries_no_file(scene: Scene) -> None:
    await scene.hear_slack("Hej, hvor er min pakke? Ordre 10432.")
    await scene.work()
    scene.desk = desk.Desk(
        replace(house(), attachments={str(scene.card().template): LABEL}), scene.parts.places
    )
    with pytest.raises(Refused, match="by mail only"):
        scene.send(wording=Wording("Hej. Freja", files=(LABEL,)))
    scene.send()
    assert scene.rows(StoredFile) == []
