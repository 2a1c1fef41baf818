"""README, CONTRIBUTING and docs say what is so: their commands run, their files exist, nothing is left out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.commands import hostwise

from hostwise.cli.catalogue.main import COMMANDS as CATALOGUE_COMMANDS
from hostwise.cli.main import COMMANDS as SECTIONS
from hostwise.cli.main import MOVED
from hostwise.cli.rules.main import COMMANDS as RULES_COMMANDS

ROOT = Path(__file__).parents[2]
COMMANDS = [name for section in SECTIONS.values() for name in section]
GROUPS = {
    group: {name for section in sections.values() for name in section}
    for group, sections in (("rules", RULES_COMMANDS), ("catalogue", CATALOGUE_COMMANDS))
}
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PAGES = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
BY_HAND = "".join(PAGES[name] for name in ("how-it-decides.md", "install.md", "tables.md", "verified.md"))
"""The pages that nobody makes; the others are held against what they are made from."""
TOLD = README + CONTRIBUTING + BY_HAND
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def _blocks(text: str, language: str) -> list[str]:
    return [body for name, body in FENCE.findall(text) if name == language]


def _shell_lines(text: str) -> Iterator[str]:
    for body in _blocks(text, "sh"):
        for line in body.splitlines():
            command = line.split("#")[0].strip()
            if command:
                yield command


def _console_runs(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each `$ command` of the console blocks with the lines shown under it."""
    for body in _blocks(text, "console"):
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield command, [line.strip() for line in shown if line.strip()]


def _hostwise(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program, *arguments = shlex.split(command)
    assert program == "hostwise", f"cannot be tried here: {command}"
    return hostwise(*arguments, cwd=folder)


@cache
def _help(*name: str) -> str:
    return hostwise(*name, "--help").stdout


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with what the README's commands read."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


@pytest.mark.parametrize(("command", "shown"), list(_console_runs(README + BY_HAND)))
def test_readme_shows_what_its_commands_print(command: str, shown: list[str], clone: Path) -> None:
    done = _hostwise(command, clone)
    assert done.returncode in (0, 1, 2), done.stderr
    printed = [" ".join(line.split()) for line in (done.stdout + done.stderr).splitlines()]
    at = 0
    for line in shown:
        if line in ("…", "..."):
            continue
        wanted = " ".join(line.split())
        assert wanted in printed[at:], f"{command!r} does not print {line!r}"
        at = printed.index(wanted, at) + 1


def test_every_console_line_is_tried() -> None:
    assert list(_console_runs(README)), "the README shows no command at work"


@pytest.mark.parametrize("command", sorted(set(_shell_lines(TOLD))))
def test_commands_name_things_that_exist(command: str) -> None:
    words = [word for word in shlex.split(command) if not re.match(r"[A-Z_]+=", word)]
    match words[0]:
        case "make":
            targets = [word for word in words[1:] if not word.startswith("-")]
            assert set(targets) <= TARGETS
        case "hostwise":
            assert words[1] in COMMANDS or words[1].startswith("--")
            name = words[1:3] if words[1] in GROUPS else words[1:2]
            assert name == words[1:2] or name[1] in GROUPS[words[1]]
            help_text = _help(*name)
            for option in (word.split("=")[0] for word in words[2:] if word.startswith("-")):
                assert re.search(rf"(?<![\w-]){re.escape(option)}\b", help_text), f"{option} is no option"
        case "eval" | "git" | "cd" | "pip" | "pipx" | "uvx" | "python" | ".ci/run":
            for word in words[1:]:
                if word.startswith(("tests/", "scripts/", "examples/")):
                    assert (ROOT / word).exists()
        case program if program.startswith(("scripts/", ".venv/bin/")):
            assert program.startswith(".venv") or (ROOT / program).exists()
        case other:
            pytest.fail(f"the documents name a command that no test knows: {other}")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_readme_tells_of_every_command(name: str) -> None:
    assert f"`hostwise {name}" in README


def test_readme_tells_of_no_command_that_is_not_there() -> None:
    told = set(re.findall(r"`hostwise ([a-z]+)", TOLD))
    assert told <= set(COMMANDS)


SPOKEN = [
    path
    for folder in ("docs", "engine", "rules", "templates", "examples", "scripts")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".yaml", ".md", ".j2", ".po", ".pot")
]


def test_no_text_names_a_command_as_it_was_called_once() -> None:
    """What a message tells people to run must be there: no old name, and no group's sub-command that is none."""
    wrong = [
        f"{path.relative_to(ROOT)}: hostwise {name} {of}"
        for path in SPOKEN
        for name, of in re.findall(r"hostwise ([a-z-]+)(?: ([a-z-]+))?", path.read_text(encoding="utf-8"))
        if name in MOVED or (of and name in GROUPS and of not in GROUPS[name])
    ]
    assert wrong == []


@pytest.mark.parametrize("body", _blocks(BY_HAND, "python"))
def test_library_example_runs(body: str, clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(clone)
    exec(compile(body, "install.md", "exec"), {})
    assert list(clone.glob("*.html")), "the example writes a report"


@pytest.mark.parametrize("body", _blocks(BY_HAND, "python"))
def test_library_example_passes_a_strict_type_checker(body: str, tmp_path: Path) -> None:
    example = tmp_path / "example.py"
    example.write_text(body, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", str(example)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def _paths(text: str) -> set[str]:
    """Whatever stands in backticks, in a link, or first on a line of the map, and looks like a path."""
    spoken = re.findall(r"`([^`\s]+)`", FENCE.sub("", text)) + re.findall(r"\]\(([^)#:]+)\)", text)
    mapped = [line.split()[0] for body in _blocks(text, "text") for line in body.splitlines() if line.split()]
    looks = re.compile(r"^[\w.-]+(/[\w.-]+)*(/|\.(py|yaml|md|toml|j2|css|html|sh))$|^(\.ci|scripts)/\w+")
    return {word for word in (*spoken, *mapped) if looks.match(word)}


WRITTEN = {"report.pdf", "report.html", "report.md", "record.json", "workload.yaml", "mine.yaml"}


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 150


def test_the_pages_say_what_they_are_made_from() -> None:
    """Commands, questions and rules as they are, and the tour as it runs; `scripts/docs` writes them."""
    checked = subprocess.run(
        [sys.executable, "scripts/docs", "check"], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT / "engine")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stdout + checked.stderr


def test_the_tour_ends_well_and_types_what_is_asked() -> None:
    tour = PAGES["tour.md"]
    assert "Error:" not in tour
    assert "error:" not in tour
    assert re.search(r"^  > none$", tour, re.MULTILINE)
    assert "So far: " in tour


@pytest.mark.parametrize("name", ["README.md", *PAGES])
def test_links_lead_somewhere(name: str) -> None:
    text, folder = (README, ROOT) if name == "README.md" else (PAGES[name], ROOT / "docs")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (folder / target).exists(), target
    if name != "README.md":
        assert f"docs/{name}" in README


@pytest.mark.parametrize("path", sorted((_paths(README) | _paths(CONTRIBUTING)) - WRITTEN))
def test_files_that_the_documents_name_exist(path: str) -> None:
    assert (ROOT / path).exists()


def test_the_map_shows_every_layer_and_folder() -> None:
    layers = {
        f"engine/hostwise/{folder.name}/"
        for folder in (ROOT / "engine" / "hostwise").iterdir()
        if folder.is_dir() and folder.name != "__pycache__"
    }
    tops = {"rules/", "templates/", "examples/", "tests/", "scripts/"}
    assert layers | tops <= _paths(CONTRIBUTING)


def test_the_changelog_has_this_version() -> None:
    import hostwise

    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## [{hostwise.__version__}]" in changelog
