"""What is kept between runs is believed only where it is whole, one's own, and of the same making."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hostwise.reading.files import cache
from hostwise.reading.files.cache import keep, kept, key_of

KEY, OTHER = key_of([b"rules"]), key_of([b"other rules"])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOSTWISE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


def test_what_was_kept_is_found_again(folder: Path) -> None:
    assert kept(KEY) is None
    keep(KEY, b"content")
    keep(KEY, b"newer content")
    assert kept(KEY) == b"newer content"
    assert kept(OTHER) is None
    assert [path.name for path in folder.iterdir()] == [KEY]


def test_contents_are_told_apart_by_where_each_ends() -> None:
    assert key_of([b"ab", b"c"]) != key_of([b"a", b"bc"])


@pytest.mark.parametrize("place", [0, 31, 32, -1])
def test_a_flipped_byte_is_no_entry(place: int, folder: Path) -> None:
    keep(KEY, b"content")
    content = bytearray((folder / KEY).read_bytes())
    content[place] ^= 1
    (folder / KEY).write_bytes(content)
    assert kept(KEY) is None
    keep(KEY, b"content")
    assert kept(KEY) == b"content"


@pytest.mark.parametrize("length", [0, 5, 32, 36])
def test_half_an_entry_is_none(length: int, folder: Path) -> None:
    keep(KEY, b"content")
    os.truncate(folder / KEY, length)
    assert kept(KEY) is None


def test_an_entry_under_another_name_is_none(folder: Path) -> None:
    keep(OTHER, b"of other rules")
    (folder / OTHER).rename(folder / KEY)
    assert kept(KEY) is None


def test_an_entry_that_others_may_write_is_none(folder: Path) -> None:
    keep(KEY, b"content")
    assert (folder / KEY).stat().st_mode & 0o777 == 0o600
    (folder / KEY).chmod(0o666)
    assert kept(KEY) is None


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_an_entry_of_somebody_else_is_none(folder: Path) -> None:
    keep(KEY, b"content")
    os.chown(folder / KEY, 65534, 65534)
    assert kept(KEY) is None


def test_a_link_and_a_folder_are_none(folder: Path) -> None:
    keep(OTHER, b"content")
    (folder / KEY).symlink_to(folder / OTHER)
    assert kept(KEY) is None
    (folder / KEY).unlink()
    (folder / KEY).mkdir()
    assert kept(KEY) is None


def test_without_a_folder_nothing_is_kept_and_nothing_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    for named in ("off", "OFF", str(tmp_path / "file"), "/proc/nowhere", "/dev/null"):
        monkeypatch.setenv("HOSTWISE_CACHE", named)
        keep(KEY, b"content")
        assert kept(KEY) is None
    monkeypatch.delenv("HOSTWISE_CACHE")
    for name in ("XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    keep(KEY, b"content")
    assert kept(KEY) is None
    assert capfd.readouterr() == ("", "")


def test_the_folder_is_where_a_system_keeps_such_things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("HOSTWISE_CACHE")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    keep(KEY, b"content")
    assert (tmp_path / "xdg" / "hostwise" / KEY).is_file()
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setattr(cache.sys, "platform", "darwin")
    keep(KEY, b"content")
    assert (tmp_path / "home" / "Library" / "Caches" / "hostwise" / KEY).is_file()


def test_the_oldest_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_ENTRIES", 3)
    keys = [key_of([bytes([number])]) for number in range(5)]
    for age, key in enumerate(keys):
        keep(key, b"content")
        os.utime(folder / key, (age + 1, age + 1))
    assert sorted(path.name for path in folder.iterdir()) == sorted(keys[2:])
    monkeypatch.setattr(cache, "MOST_BYTES", 400)
    keep(KEY, b"x" * 101)
    assert kept(KEY) is None
    keep(KEY, b"x" * 100)
    keep(OTHER, b"x" * 100)
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 400


def test_two_processes_at_once_leave_whole_entries(folder: Path) -> None:
    script = """
import sys
from hostwise.reading.files.cache import keep, kept
for number in range(200):
    keep(sys.argv[1], sys.argv[2].encode() * 10_000)
    assert (kept(sys.argv[1]) or b"ab")[:1] in (b"a", b"b")
"""
    both = [subprocess.Popen([sys.executable, "-c", script, KEY, letter]) for letter in "ab"]
    assert [process.wait() for process in both] == [0, 0]
    assert kept(KEY) in (b"a" * 10_000, b"b" * 10_000)
    assert [path.name for path in folder.iterdir()] == [KEY]
