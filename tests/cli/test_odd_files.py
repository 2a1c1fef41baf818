"""Every command, every file that it takes: what is no file of a size that was expected is refused at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from tests.commands import hostwise

from hostwise.cli.main import cli
from hostwise.reading.files.regular import LARGEST

pytestmark = pytest.mark.usefixtures("decided_once", "limited_here")

EXAMPLE = str(Path("examples/s3-solo-founder.yaml").resolve())
OUTPUTS = ("output", "outputs")
LONGEST = 1.0
"""Seconds of computing within which each must be refused."""
GIVEN = {
    "name": ["--name", "x"], "as_of": ["--as-of", "2026-11-20"], "identity": ["gate.air-gapped"],
    "form": ["--to", "jdm"], "shell": ["bash"],
}  # fmt: skip
"""What else a command must be given."""
BESIDE = {
    "sign files": ["--key", "nowhere.pem"], "sign keys": [EXAMPLE], "verify signature": ["--key", "nowhere.pem"],
    "log records": ["new.log"], "decide attest_keys": ["-o", "x.json"], "report": ["-o", "x.md"],
    "whatif": ["--set", "demand.stable=yes"],
}  # fmt: skip
OF_A_RECORD = {"check today", "explain keys", "diff keys", "report keys", "verify templates"}
"""Refused beside a questionnaire, before the file is looked at."""
ODD: dict[str, Callable[[Path], Any]] = {
    "a pipe": os.mkfifo,
    "a link to /dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "nothing in it": lambda path: path.touch(),
    "64 MB and one byte": lambda path: path.touch() or os.truncate(path, LARGEST + 1),
}
MADE_BY_IT = {"start file", "log log"}
"""What a command may be given before it is there: 0 bytes of it are no error."""


def commands(group: click.Group, trail: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        if isinstance(command, click.Group):
            yield from commands(command, (*trail, name))
        elif command is not None:
            yield (*trail, name), command


def places() -> Iterator[tuple[str, list[str], str]]:
    """Each file that a command takes: its name, the line before it, and the option that it follows."""
    for trail, command in commands(cli):
        paths = [each for each in command.params if isinstance(each.type, click.Path)]
        for own in paths:
            name = f"{' '.join(trail)} {own.name}"
            if own.name in OUTPUTS or name == "sign new_key":  # the stem of two names
                continue
            needed = [
                [EXAMPLE] if isinstance(each, click.Argument) else [each.opts[0], "x.json"]
                for each in paths
                if each.required and each is not own
            ]
            others = [GIVEN[str(each.name)] for each in command.params if each.required and each not in paths]
            line = [
                *trail,
                *(word for words in (*needed, *others) for word in words),
                *BESIDE.get(name, BESIDE.get(trail[0], [])),
            ]
            yield name, line, "" if isinstance(own, click.Argument) else own.opts[0]


PLACES = {name: (line, option) for name, line, option in places()}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_file_is_refused_at_once(name: str, kind: str, tmp_path: Path) -> None:
    line, option = PLACES[name]
    if kind == "nothing in it" and name in MADE_BY_IT:
        pytest.skip("it makes the file")
    odd = tmp_path / ("odd.csv" if "table" in name else "odd.json")
    ODD[kind](odd)
    command = (*line, *([option] if option else []), str(odd))
    hostwise(*command, cwd=tmp_path)  # what is imported the first time is no part of the refusal
    begin = time.process_time()
    done = hostwise(*command, cwd=tmp_path)
    assert "Usage:" not in done.stderr or name in OF_A_RECORD
    assert done.returncode == (1 if name.startswith("rules check ") else 2), done.stdout
    assert time.process_time() - begin < LONGEST
    assert sorted(each.name for each in tmp_path.iterdir()) == [odd.name]


def test_a_name_mistyped_is_answered_with_the_one_beside_it(tmp_path: Path) -> None:
    (tmp_path / "support-summariser.yaml").write_text("workload: {name: A}\n", encoding="utf-8")
    done = hostwise("decide", "support-sumariser.yaml", cwd=tmp_path)
    assert "there is no such file" in done.stderr and "did you mean 'support-summariser.yaml'?" in done.stderr
    assert "did you mean" not in hostwise("decide", "other.yaml", cwd=tmp_path).stderr


def test_a_questionnaire_is_told_from_a_record(tmp_path: Path) -> None:
    """It was a file that is no JSON: `Expecting value`."""
    (tmp_path / "w.yaml").write_text("workload: {name: A}\n", encoding="utf-8")
    done = hostwise("verify", "w.yaml", cwd=tmp_path)
    assert done.returncode == 2 and "a questionnaire is no record" in done.stderr
    assert "accepted: a record (.json), or a report that carries one (.pdf)" in done.stderr
