"""What the shells themselves make of `hostwise completion`: names, options and descriptions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.commands import hostwise

ASK = {
    "bash": """
eval "$(cat script)"
COMP_WORDS=(hostwise {words}); COMP_CWORD={at}; _hostwise_completion hostwise; printf '%s\\n' "${{COMPREPLY[@]}}"
""",
    "fish": "source script; complete -C 'hostwise {words}'",
}
SHELLS = [shell for shell in ASK if shutil.which(shell)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a `hostwise` of this checkout on its path, and the script of each shell."""
    starter = tmp_path / "bin" / "hostwise"
    starter.parent.mkdir()
    run = "import sys; sys.argv[0] = 'hostwise'; from hostwise.cli.main import main; main()"
    starter.write_text(f'#!/bin/sh\nPYTHONPATH={Path("engine").resolve()} exec {sys.executable} -c "{run}" "$@"\n')
    starter.chmod(0o755)
    return tmp_path


def completed(shell: str, words: str, folder: Path) -> dict[str, str]:
    """The completions that a shell offers, with their descriptions where it shows some."""
    (folder / "script").write_text(hostwise("completion", shell).stdout)
    line = ASK[shell].format(words=words, at=len(words.split()))
    environment = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "HOME": str(folder)}
    ran = subprocess.run([shell, "-c", line], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    parts = (line.partition("\t") for line in ran.stdout.splitlines())
    return {name: description for name, _, description in parts}


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_completes_commands_and_options(shell: str, folder: Path) -> None:
    assert set(completed(shell, "de", folder)) == {"decide"}
    assert set(completed(shell, "catalogue f", folder)) == {"fetch"}
    assert set(completed(shell, "decide --al", folder)) == {"--all", "--allow-stale"}
    assert "--flips" in completed(shell, "explain --f", folder)


def test_fish_shows_a_description_to_its_end(folder: Path) -> None:
    assert 'string split --max 1 ","' in hostwise("completion", "fish").stdout
    if "fish" in SHELLS:
        assert completed("fish", "de", folder)["decide"] == "Decide where a workload should run, or a whole portfolio."


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_a_script(shell: str) -> None:
    script = hostwise("completion", shell).stdout
    assert "_HOSTWISE_COMPLETE" in script
    assert hostwise("completion", "cmd").returncode == 2
