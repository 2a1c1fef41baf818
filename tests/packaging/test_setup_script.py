"""scripts/setup: it says what is missing, and never installs where it may not."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("dirname", "id", "uname", "tail", "mktemp", "rm", "tr", "touch", "cat", "env", "sh", "bash")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder to be the whole PATH: the few tools the script calls, and what a test adds."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        for place in ("/usr/bin", "/bin"):
            if (Path(place) / tool).exists():
                (folder / tool).symlink_to(Path(place) / tool)
                break
    return folder


def _program(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.unlink(missing_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def _lib(machine: Path, script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-euc", f'. "{ROOT}/scripts/lib.sh"; {script}'],
        env={"PATH": str(machine), "HOME": str(machine.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_takes_the_interpreter_it_is_given(machine: Path) -> None:
    done = _lib(machine, f"choose_python {sys.executable}")
    assert done.stdout.strip() == sys.executable


def test_refuses_an_interpreter_that_is_too_old(machine: Path) -> None:
    _program(machine, "python3.8", "exit 1")
    done = _lib(machine, "choose_python python3.8")
    assert done.returncode == 1
    assert "PYTHON=python3.8 is not a working Python 3.11 or newer" in done.stderr


def test_passes_over_an_old_python3_for_a_newer_one(machine: Path) -> None:
    _program(machine, "python3", "exit 1")
    (machine / "python3.12").symlink_to(sys.executable)
    assert _lib(machine, "choose_python ''").stdout.strip() == "python3.12"


def test_says_which_python_is_needed_when_there_is_none(machine: Path) -> None:
    done = _lib(machine, "choose_python ''")
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr


def test_prints_the_command_where_it_may_not_install(machine: Path) -> None:
    _program(machine, "id", "echo 1000")
    _program(machine, "apt-get", "echo 'apt-get was run' >&2; exit 9")
    done = _lib(machine, "install_packages libpango-1.0-0 gcc")
    assert done.returncode == 1
    assert "apt-get was run" not in done.stderr
    command = "sudo apt-get install --yes --no-install-recommends libpango-1.0-0 gcc"
    assert command in done.stderr


def test_installs_as_root(machine: Path) -> None:
    _program(machine, "id", "echo 0")
    _program(machine, "apt-get", f'echo "$*" >> {machine}/calls')
    done = _lib(machine, "install_packages gcc")
    assert done.returncode == 0, done.stderr
    calls = (machine / "calls").read_text().splitlines()
    assert calls == ["update", "install --yes --no-install-recommends gcc"]


def test_uses_sudo_only_without_a_password(machine: Path) -> None:
    _program(machine, "id", "echo 1000")
    _program(machine, "sudo", f'echo "$*" >> {machine}/calls')
    _program(machine, "apt-get", "exit 9")
    done = _lib(machine, "install_packages gcc")
    assert done.returncode == 0, done.stderr
    calls = (machine / "calls").read_text().splitlines()
    assert all(call.startswith("-n ") for call in calls)
    assert calls[-1] == ("-n env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends gcc")


def test_names_the_packages_elsewhere(machine: Path) -> None:
    done = _lib(machine, "install_packages libpango-1.0-0")
    assert done.returncode == 1
    assert "libpango-1.0-0" in done.stderr


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="the Debian names")
def test_wants_a_compiler_only_while_durable_rules_is_not_built(machine: Path) -> None:
    _program(machine, "python", f'exec {sys.executable} "$@"')
    before = _lib(machine, "missing_packages python /nowhere").stdout
    assert "gcc" in before
    built = machine.parent / "venv" / "bin"
    built.mkdir(parents=True)
    _program(built, "python", "exit 0")
    after = _lib(machine, f"missing_packages python {built.parent}").stdout
    assert "gcc" not in after


def _pip(machine: Path, *, python: str, builds: str) -> Path:
    """An environment of an `old` or `new` Python whose pip builds `always`, if `renamed`, or `never`."""
    built = machine.parent / "venv" / "bin"
    built.mkdir(parents=True)
    old, new = (0, 1) if python == "old" else (1, 0)
    _program(
        built,
        "python",
        f"""case "$2" in
        *find_spec*) exit 1 ;;
        *">= (3, 13)"*) exit {old} ;;
        *"< (3, 13)"*) exit {new} ;;
        esac""",
    )
    _program(
        built,
        "pip",
        f"""echo "pip CPPFLAGS=$CPPFLAGS" >> {machine}/calls
        case {builds} in always) exit 0 ;; never) exit 1 ;; esac
        case "$CPPFLAGS" in *PyObject_CallObject*) exit 0 ;; *) exit 1 ;; esac""",
    )
    return built.parent


def test_builds_durable_rules_as_it_is_where_it_builds(machine: Path) -> None:
    venv = _pip(machine, python="old", builds="always")
    done = _lib(machine, f"install_durable_rules {venv}")
    assert done.returncode == 0, done.stderr
    assert (machine / "calls").read_text() == "pip CPPFLAGS=\n"


def test_builds_it_with_the_new_name_elsewhere_and_says_so(machine: Path) -> None:
    venv = _pip(machine, python="old", builds="renamed")
    done = _lib(machine, f"install_durable_rules {venv}")
    assert done.returncode == 0, done.stderr
    assert "CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject" in done.stderr


def test_on_new_pythons_goes_on_without_it_and_says_so(machine: Path) -> None:
    venv = _pip(machine, python="new", builds="never")
    done = _lib(machine, f"install_durable_rules {venv}")
    assert done.returncode == 0
    assert "reference engine alone, and every record will say so" in done.stderr


def test_on_pythons_that_require_it_stops(machine: Path) -> None:
    venv = _pip(machine, python="old", builds="never")
    done = _lib(machine, f"install_durable_rules {venv}")
    assert done.returncode == 1
    assert "a C compiler and Python's headers are needed" in done.stderr
