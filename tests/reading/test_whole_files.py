"""Files are read once, whole, and only where they are files; and written whole, or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.commands import hostwise

from hostwise.reading.files import beside, first_bytes, regular
from hostwise.reading.files.beside import write_beside
from hostwise.reading.files.regular import LARGEST, read_regular
from hostwise.reading.findings.diagnostics import InputError

EXAMPLE = Path(__file__).parents[2] / "examples" / "unanswered-gate.yaml"
OLD, NEW = b"the old file\n", b"the new file\n" * 1000
CALLS = ("open", "fstat", "read", "fdopen", "fchmod", "fsync", "replace", "urandom", "close", "write", "statvfs")


class Failing:
    """The functions of `os`, of which the n-th call ends as `fail` says; all that were made are counted."""

    def __init__(self, at: int, fail: Callable[[], None]) -> None:
        self.calls, self.at, self.fail = 0, at, fail

    def module(self) -> Any:
        wrapped = {name: self._wrapped(getattr(os, name)) for name in CALLS if hasattr(os, name)}
        return SimpleNamespace(**{**vars(os), **wrapped})

    def _wrapped(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            self.tick()
            made = function(*args, **named)
            return _FailingFile(made, self) if function is os.fdopen else made

        return call

    def tick(self) -> None:
        self.calls += 1
        if self.calls == self.at:
            self.fail()


class _FailingFile:
    def __init__(self, file: Any, failing: Failing) -> None:
        self.file, self.failing = file, failing

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.file, name)
        if name not in ("write", "flush", "read"):
            return found

        def call(*args: Any) -> Any:
            self.failing.tick()
            return found(*args)

        return call

    def __enter__(self) -> _FailingFile:
        return self

    def __exit__(self, *_args: object) -> None:
        self.file.close()


@contextmanager
def failing_at(number: int, fail: Callable[[], None]) -> Iterator[Failing]:
    found = Failing(number, fail)
    with pytest.MonkeyPatch.context() as patch:
        for module in (beside, regular, first_bytes):
            patch.setattr(module, "os", found.module())
        yield found


def full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_disk_that_fails_at_any_call_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    number = 0
    while True:
        number += 1
        file.write_bytes(OLD)
        said = ""
        with failing_at(number, full) as calls:
            try:
                write_beside(file, NEW)
            except InputError as problem:
                said = str(problem)
        assert "No space left on device" in said or not said
        assert file.read_bytes() == (OLD if said else NEW)
        assert [each.name for each in tmp_path.iterdir()] == ["report.pdf"]
        if calls.calls < number:
            break
    assert number > 6, "every step must have failed once"


def test_kill_at_any_call_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    found = set()
    for number in range(1, 12):
        file.write_bytes(OLD)
        child = os.fork()
        if not child:
            with failing_at(number, lambda: os._exit(9)):
                write_beside(file, NEW)
            os._exit(0)
        os.waitpid(child, 0)
        found.add(file.read_bytes())
    assert found == {OLD, NEW}


def test_a_read_that_fails_at_any_call_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(OLD)
    number = 0
    while True:
        number += 1
        said = ""
        with failing_at(number, full) as calls:
            try:
                assert read_regular(file) == OLD
            except InputError as problem:
                said = str(problem)
        assert "cannot read it: No space left on device" in said or not said
        if calls.calls < number:
            break
    assert number > 4


def test_the_mode_and_a_link_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    real.write_bytes(OLD)
    real.chmod(0o640)
    link.symlink_to(real)
    write_beside(link, NEW)
    assert link.is_symlink()
    assert real.read_bytes() == NEW
    assert stat.S_IMODE(real.stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_that_this_user_gives(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_beside(tmp_path / "x", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o640


def test_two_runs_on_one_output_never_mix(tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    with beside.written_beside(file) as one, beside.written_beside(file) as other:
        one.write(b"a" * 10)
        other.write(b"b" * 10)
        one.write(b"a" * 10)
        other.write(b"b" * 10)
    assert file.read_bytes() in (b"a" * 20, b"b" * 20)
    assert len(list(tmp_path.iterdir())) == 1


def _same(tmp_path: Path) -> Path:
    return tmp_path / "in.yaml"


def _dotted(tmp_path: Path) -> Path:
    return tmp_path / "." / ".." / tmp_path.name / "in.yaml"


def _linked(tmp_path: Path) -> Path:
    (tmp_path / "link.yaml").symlink_to("in.yaml")
    return tmp_path / "link.yaml"


def _hard(tmp_path: Path) -> Path:
    os.link(tmp_path / "in.yaml", tmp_path / "hard.yaml")
    return tmp_path / "hard.yaml"


@pytest.mark.parametrize("name", [_same, _dotted, _linked, _hard])
def test_the_questionnaire_is_never_written_over(name: Callable[[Path], Path], tmp_path: Path) -> None:
    file = tmp_path / "in.yaml"
    file.write_bytes(EXAMPLE.read_bytes())
    done = hostwise("decide", str(file), "-o", str(name(tmp_path)))
    assert done.returncode == 2
    assert "this is the file that is read" in done.stderr
    assert file.read_bytes() == EXAMPLE.read_bytes()


ODD = {
    "a folder": lambda path: path.mkdir(),
    "a pipe": os.mkfifo,
    "a link to /dev/zero": lambda path: path.symlink_to("/dev/zero"),
    "a link to itself": lambda path: path.symlink_to(path),
    "nothing": lambda path: None,
    "64 MB and one byte": lambda path: path.touch() or os.truncate(path, LARGEST + 1),
}


@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_what_is_no_file_is_refused_at_once(make: Callable[[Path], Any], tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    make(path)
    with pytest.raises(InputError):
        read_regular(path)
    for command in ("check", "verify"):
        assert hostwise(command, str(path)).returncode == 2


@pytest.mark.parametrize(
    ("target", "says"),
    [("/dev/full", "not a regular file"), ("nowhere/x.json", "there is no folder"), (".", "this is a folder")],
)
def test_what_cannot_be_written_is_a_sentence(target: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=says):
        write_beside(tmp_path / target, NEW)


def test_a_full_disk_is_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    """A process that may write no file of more than 4 KB meets what a full disk is."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    out = tmp_path / "record.json"
    out.write_bytes(OLD)
    command = [sys.executable, "-m", "hostwise", "decide", str(EXAMPLE), "-o", str(out)]
    # Coverage would write its own file, and meet the limit too.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    environment = {**plain, "HOSTWISE_CACHE": "off", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, env=environment, check=False)
    assert done.returncode == 2, done.stderr
    assert "cannot write it: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert out.read_bytes() == OLD
    assert [each.name for each in tmp_path.iterdir()] == ["record.json"]


def test_what_does_not_fit_on_the_disk_is_refused_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    about = SimpleNamespace(f_bavail=1, f_frsize=4096, f_blocks=100)
    ours = SimpleNamespace(**{**vars(os), "statvfs": lambda _: about, "open": lambda *args: opened.append(args)})
    monkeypatch.setattr(beside, "os", ours)
    with pytest.raises(InputError, match="it takes 13,000 bytes, and 4,096 are free on that disk"):
        write_beside(tmp_path / "x", NEW)
    assert not opened


WRITERS = {
    "decide": "decide OLD -o NEW.json", "report": "report OLD -o NEW.md", "whatif": "whatif OLD --sweep x -o NEW.svg",
    "fetch": "catalogue fetch --against OLD -o NEW.json", "a table": "decide OLD.csv -o NEW.csv",
    "a model": "catalogue add-model OLD --name x --as-of 2026-11-20 -o NEW", "a graph": "rules graph OLD -o NEW.svg",
    "a book": "rules docs OLD -o NEW.html", "an export": "rules export OLD --to jdm -o NEW.json",
    "an import": "rules import OLD -o NEW.yaml", "a signature": "sign OLD --key KEY -o NEW.jws",
    "a statement": "sign OLD --key KEY --statement -o NEW", "prices": "decide KEY --prices OLD -o NEW.json",
    "a key": "decide KEY --attest OLD -o NEW.json",
}  # fmt: skip


@pytest.mark.parametrize("line", WRITERS.values(), ids=WRITERS)
def test_no_command_writes_over_what_it_reads(line: str, tmp_path: Path) -> None:
    words = line.split()
    old, new = (next(word for word in words if word.startswith(start)) for start in ("OLD", "NEW"))
    for name in (old, "KEY"):
        (tmp_path / name).write_bytes(EXAMPLE.read_bytes())
    (tmp_path / new).symlink_to(old)
    done = hostwise(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert "this is the file that is read" in done.stderr
    assert (tmp_path / old).read_bytes() == EXAMPLE.read_bytes()


def test_a_folder_that_cannot_be_listed_is_not_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pathlib's `glob` does leave it out: the decision was taken by the rules that were left."""
    rules = tmp_path / "rules"
    shutil.copytree(EXAMPLE.parents[1] / "rules", rules)
    listed = os.scandir

    def scandir(path: Any = ".") -> Any:
        if Path(path) == rules / "sources":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    done = hostwise("decide", str(EXAMPLE), "--rules", str(rules))
    assert done.returncode == 2
    assert "cannot list this folder: Permission denied" in done.stderr


@pytest.mark.parametrize("line", ["check {}", "decide {} -o {{out}}"])
def test_a_disk_that_fails_anywhere_is_a_sentence_or_changes_nothing(line: str) -> None:
    """At a few of the 36 and 241 files that they open; `python -m tests.fuzz.disk decide FILE` does it at each."""
    words = line.format(EXAMPLE).split()
    every = {"check": "11", "decide": "120"}[words[0]]
    command = [sys.executable, "-m", "tests.fuzz.disk", "--every", every, *words]
    environment = {**os.environ, "PYTHONPATH": str(EXAMPLE.parents[1] / "engine")}
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    assert said.startswith("in all ") and "WRONG" not in said, said
