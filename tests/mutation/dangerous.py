"""The sixteen dangerous mutations of the house rules, each as a rules folder of its own, and who notices them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import yaml
from click.testing import CliRunner
from msgspec import Struct, convert

from hostwise.cli.main import cli

ROOT = Path(__file__).parents[2]


class Dangerous(Struct, frozen=True):
    """One mutation, as `dangerous.yaml` has it."""

    rule: str
    old: str
    new: str
    property: str
    danger: str


def dangerous() -> tuple[Dangerous, ...]:
    """All of them, in the order of the file."""
    return convert(yaml.safe_load(Path(__file__).with_name("dangerous.yaml").read_text("utf-8")), tuple[Dangerous, ...])


def mutated(mutation: Dangerous, folder: Path) -> Path:
    """A copy of the shipped rules in which the one rule is changed."""
    target = Path(shutil.copytree(ROOT / "rules", folder / "rules"))
    for file in sorted((target / "flow").glob("*.yaml")):
        before, start, rest = file.read_text("utf-8").partition(f"  - id: {mutation.rule}\n")
        body, end, after = rest.partition("\n  - id: ")
        if start:
            assert body.count(mutation.old) == 1, (mutation.rule, mutation.old)
            file.write_text(before + start + body.replace(mutation.old, mutation.new) + end + after, encoding="utf-8")
            return target
    raise AssertionError(f"no rule {mutation.rule}")


def noticed_by(rules: Path) -> Iterator[str]:
    """Which of the three commands, as anybody runs them, exits with 1 on these rules."""
    golden = ("--cases", str(ROOT / "tests" / "golden"))
    for name, args in (("cases", ("test", *golden)), ("check", ("check", "--strict")), ("prove", ("prove",))):
        if CliRunner().invoke(cli, ["rules", *args, "--rules", str(rules)]).exit_code == 1:
            yield name
