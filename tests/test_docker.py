"""The image without an engine: what its Dockerfile says, and what the package in it does where nothing else is."""

import json
import os
import re
import shlex
import subprocess
import sys
import sysconfig
import threading
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

TREE = Path(__file__).parent.parent


# ---- what the Dockerfile says ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction, and the stage that it stands in (0 for the first)."""

    stage: int
    name: str
    text: str


def steps() -> list[Step]:
    text = re.sub(r"^\s*#.*\n", "", (TREE / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    found: list[Step] = []
    for line in filter(None, map(str.strip, text.replace("\\\n", " ").splitlines())):
        name, _, rest = line.partition(" ")
        stage = (found[-1].stage if found else -1) + (name == "FROM")
        found.append(Step(stage, name, " ".join(rest.split())))
    return found


def final(name: str) -> list[str]:
    """The instructions of that name in the stage that becomes the image."""
    return [step.text for step in steps() if step.name == name and step.stage == steps()[-1].stage]


def test_one_stage_builds_and_another_one_runs() -> None:
    stages = [step.text.split() for step in steps() if step.name == "FROM"]
    assert len(stages) == 2
    assert stages[0][1:] == ["AS", "builder"]
    assert (
        stages[0][0] == stages[1][0]
    )  # the environment is copied, and only fits the Python it was made with


def test_the_python_of_the_image_is_one_that_the_package_takes() -> None:
    image = next(step.text for step in steps() if step.name == "FROM")
    version = re.match(r"python:(\d+)\.(\d+)-slim", image)
    least = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert version is not None
    assert [int(each) for each in version.groups()] >= [int(each) for each in least[2:].split(".")]


def test_the_program_does_not_run_as_root() -> None:
    names = [step.name for step in steps() if step.stage == 1]
    (user,) = final("USER")
    assert user == "10001:10001"
    assert names.index("USER") < names.index("ENTRYPOINT")
    assert not {"RUN", "COPY", "ADD"} & set(names[names.index("USER") :])


def test_the_database_lies_on_the_volume_which_the_user_owns() -> None:
    (volume,) = final("VOLUME")
    assert f"DATABASE_URL=sqlite:///{volume}/tillid.db" in " ".join(final("ENV"))
    assert f"install --directory --owner=10001 --group=10001 {volume}" in " ".join(final("RUN"))


def test_everything_that_is_copied_exists_and_is_let_into_the_build() -> None:
    admitted = {
        line[1:]
        for line in (TREE / ".dockerignore").read_text(encoding="utf-8").splitlines()
        if line.startswith("!")
    }
    copied: set[str] = set()
    for step in steps():
        if step.name == "COPY" and not step.text.startswith("--from="):
            copied |= {source.removesuffix("/") for source in step.text.split()[:-1]}
    assert [source for source in sorted(copied) if not (TREE / source).exists()] == []
    assert copied == admitted


def test_the_image_takes_over_one_folder_of_the_stage_before_and_nothing_else() -> None:
    assert final("COPY") == ["--from=builder /opt/tillid /opt/tillid"]


def test_everything_that_is_installed_is_locked_and_the_image_has_no_extras() -> None:
    installs = [
        shlex.split(part)
        for step in steps()
        if step.name == "RUN"
        for part in step.text.split("&&")
        if " install " in part and "pip" in part
    ]
    into_image = [words for words in installs if "/opt/tillid/bin/python" in words]
    assert len(installs) == 3
    assert [words[-2:] for words in into_image] == [
        ["-r", "requirements-run.lock"],
        ["--no-index", "/wheels/*.whl"],
    ]
    assert all("--require-hashes" in words or {"--no-deps", "--no-index"} <= set(words) for words in installs)


def locked(name: str) -> set[str]:
    text = (TREE / name).read_text(encoding="utf-8")
    return {each.lower().replace("_", "-") for each in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}


def named(requirements: list[str]) -> set[str]:
    names = [re.match(r"[\w.-]+", each) for each in requirements]
    return {found.group().lower().replace("_", "-") for found in names if found}


def test_the_lock_file_of_the_image_has_what_the_program_needs_and_no_extra() -> None:
    project = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed, extras = named(project["dependencies"]), project["optional-dependencies"]
    run = locked("requirements-run.lock")
    assert needed <= run
    assert run <= locked("requirements.lock")
    assert not (named(extras["demo"]) | named(extras["test"])) & run


def test_the_build_backend_is_locked() -> None:
    system = tomllib.loads((TREE / "pyproject.toml").read_text(encoding="utf-8"))["build-system"]
    assert named(system["requires"]) <= locked("requirements.lock")


def test_the_program_starts_without_a_shell_so_that_a_stop_reaches_it() -> None:
    assert [json.loads(each) for each in final("ENTRYPOINT")] == [["tillid"]]
    assert [json.loads(each) for each in final("CMD")] == [["run"]]


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (None, False)])
def test_the_health_check_fails_on_an_error_and_on_silence(status: int | None, healthy: bool) -> None:
    (check,) = final("HEALTHCHECK")
    command = json.loads(check.partition(" CMD ")[2])
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status or 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        if status is None:
            server.server_close()
        else:
            threading.Thread(target=server.handle_request, daemon=True).start()
        port = str(server.server_address[1])
        done = subprocess.run(
            [sys.executable, *command[1:]], env={"TILLID_HTTP_PORT": port}, capture_output=True, check=False
        )
    assert command[0] == "python"
    assert (done.returncode == 0) is healthy
    assert asked == ([] if status is None else ["/healthz"])


# ---- what the package in it does where nothing else is --------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built from this tree as the image builds it."""
    folder = tmp_path_factory.mktemp("wheels")
    _pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(TREE))
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def tillid(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment that holds the wheel, and our dependencies but not our tree."""
    place = tmp_path_factory.mktemp("image") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    _pip("--python", str(place / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel))
    (packages,) = place.glob("lib/python*/site-packages")
    # A folder named in a .pth file is looked into, its own .pth files are not: the tree stays unseen.
    here = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (packages / "dependencies.pth").write_text("\n".join(here) + "\n", encoding="utf-8")
    return place / "bin" / "tillid"


def _pip(*words: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *words]
    subprocess.run(command, check=True, cwd=TREE, stdin=subprocess.DEVNULL)


def run(command: Path, *words: str, at: Path, given: str = "") -> str:
    bare = {"PATH": f"{command.parent}{os.pathsep}{os.defpath}", "HOME": str(at)}
    done = subprocess.run(
        [command, *words], cwd=at, env=bare, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def packaged() -> Iterator[str]:
    """Every file of our packages, but for what a build leaves."""
    for package in ("bot", "storage"):
        for path in (TREE / package).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".pyc":
                yield path.relative_to(TREE).as_posix()


def test_the_wheel_has_every_file_of_our_packages_and_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == set(packaged())
    for name in (
        "bot/rules/policy.yaml",
        "bot/rules/packs/da/reading.yaml",
        "bot/templates/nn/reply/_letter.j2",
        "bot/commands/environment.txt",
        "storage/migrations/env.py",
    ):
        assert name in held


def test_the_installed_program_is_the_wheels_and_not_the_trees(tillid: Path, tmp_path: Path) -> None:
    said = run(
        tillid.with_name("python"),
        "-c",
        "import bot, storage; print(bot.__file__, storage.__file__)",
        at=tmp_path,
    )
    assert [Path(each).is_relative_to(tillid.parent.parent) for each in said.split()] == [True, True]


def test_the_installed_program_tells_its_commands(tillid: Path, tmp_path: Path) -> None:
    said = run(tillid, "--help", at=tmp_path)
    assert all(command in said for command in ("run", "suggest", "check", "init"))


def test_the_installed_program_drafts_an_answer(tillid: Path, tmp_path: Path) -> None:
    message = {
        "id": "1",
        "text": "Hej, I har trukket 499 kr to gange for ordre 10432. Kan I se på det? Hilsen Mette",
        "order": {"id": "10432", "currency": "DKK", "captures_minor": [49900, 49900], "paid_minor": 99800},
        "agent": {"name": "Anna"},
    }
    found = json.loads(run(tillid, "suggest", "--json", at=tmp_path, given=json.dumps(message) + "\n"))
    assert (found["language"], found["intents"][0]["name"]) == ("da", "double_charge")
    assert found["remedy"]["amount_minor"] == 49900
    assert "499 kr." in found["reply"]["text"]


def test_the_installed_program_sets_up_a_house_and_a_database(tillid: Path, tmp_path: Path) -> None:
    run(tillid, "init", "house", at=tmp_path)
    house = tmp_path / "house"
    assert (house / ".env").read_text(encoding="utf-8") == (TREE / ".env.example").read_text(encoding="utf-8")
    assert {path.name for path in house.iterdir()} >= {"house.yaml", "policy.yaml", "templates", "words"}
    run(tillid, "check", at=house)
    assert (house / "tillid.db").exists()
