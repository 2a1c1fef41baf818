"""The wheel carries all that Hostwise reads at run time, and the command of the README."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

import hostwise
from hostwise.cli.main import cli

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (path,) = out.glob("*.whl")
    return zipfile.ZipFile(path)


def _files(folder: Path) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize("folder", ["rules", "templates"])
def test_carries_every_file_of(folder: str, wheel: zipfile.ZipFile) -> None:
    inside = {
        name.removeprefix(f"hostwise/{folder}/") for name in wheel.namelist() if name.startswith(f"hostwise/{folder}/")
    }
    golden = {f"tests/{name}" for name in _files(ROOT / "tests" / "golden")}
    assert inside == _files(ROOT / folder) | (golden if folder == "rules" else set())


def test_an_installed_copy_runs_the_golden_cases_and_makes_the_same_record(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    """As unpacked by pip: no checkout beside it, and the cases are no part of what a record rests on."""
    wheel.extractall(tmp_path / "site")
    # Without what starts coverage in a child: it would count this copy beside the tree, and halve what CI reads.
    outside = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    alone = {**outside, "PYTHONPATH": str(tmp_path / "site")}

    def run(*args: str) -> str:
        command = [sys.executable, "-m", "hostwise", *args]
        return subprocess.run(command, cwd=tmp_path, env=alone, check=True, capture_output=True, text=True).stdout

    assert " files: as expected." in run("rules", "test")
    ours = CliRunner().invoke(cli, ["decide", str(ROOT / "examples/air-gapped-department.yaml"), "--json"])
    theirs = run("decide", str(ROOT / "examples/air-gapped-department.yaml"), "--json")
    assert json.loads(theirs)["rulebook"] == json.loads(ours.stdout)["rulebook"]


def test_carries_the_whole_engine_and_its_types(wheel: zipfile.ZipFile) -> None:
    engine = {f"hostwise/{name}" for name in _files(ROOT / "engine" / "hostwise")}
    assert engine <= set(wheel.namelist())
    assert "hostwise/py.typed" in wheel.namelist()


def test_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"hostwise", f"hostwise-{hostwise.__version__}.dist-info"}


def test_gives_the_command_and_says_what_it_needs(wheel: zipfile.ZipFile) -> None:
    info = f"hostwise-{hostwise.__version__}.dist-info"
    entry_points = wheel.read(f"{info}/entry_points.txt").decode()
    assert "hostwise = hostwise.__main__:run" in entry_points
    metadata = wheel.read(f"{info}/METADATA").decode()
    assert "Requires-Python: >=3.11" in metadata
    assert "Requires-Dist: durable-rules>=2.0.28; python_version < '3.13'" in metadata
    assert "License-Expression: Apache-2.0" in metadata
    assert any(name.startswith(f"{info}/licenses/LICENSE") for name in wheel.namelist())


def test_carries_a_bill_of_materials_with_all_that_it_needs(wheel: zipfile.ZipFile) -> None:
    import tomllib

    bill = json.loads(wheel.read(f"hostwise-{hostwise.__version__}.dist-info/sboms/sbom.cdx.json"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["version"] == hostwise.__version__
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [each for name, needed in project["optional-dependencies"].items() if name != "dev" for each in needed]
    wanted = {re.split(r"[^A-Za-z0-9._-]", each)[0].lower() for each in (*project["dependencies"], *extras)}
    libraries = [part for part in bill["components"] if part["type"] == "library"]
    assert {part["name"] for part in libraries} == {name.replace("_", "-").replace(".", "-") for name in wanted}
    check = [sys.executable, "scripts/bill-of-materials", "--check"]
    assert subprocess.run(check, cwd=ROOT, check=False).returncode == 0


def test_a_wheel_built_again_is_the_same_bytes(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (again,) = tmp_path.glob("*.whl")
    assert again.read_bytes() == Path(str(wheel.filename)).read_bytes()
