"""The version of a package is the one that Python's own library names."""

from __future__ import annotations

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from hostwise.reading.files.installed import metadata_file, version_of


@pytest.mark.parametrize(
    "package", ["genai-prices", "durable-rules", "msgspec", "pytest", "import-linter", "ruamel.yaml"]
)
def test_versions_are_those_of_the_library(package: str) -> None:
    assert version_of(package) == version(package)


def test_what_is_not_installed_has_none() -> None:
    with pytest.raises(PackageNotFoundError):
        version_of("no-such-package")


def test_two_of_one_name_are_left_to_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in ("1.0", "2.0"):
        folder = tmp_path / f"of_ours-{number}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: of-ours\nVersion: {number}\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    assert metadata_file("of-ours") is None
    assert version_of("of-ours") == version("of-ours")
