"""Names mean one thing: no two public classes of the package share one."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ENGINE = Path(__file__).parents[2] / "engine"


def public_classes(root: Path) -> dict[str, list[str]]:
    """The public classes under a folder, by name, with the files that define them."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(root.rglob("*.py")):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(file.relative_to(root).as_posix())
    return found


def test_a_class_name_has_one_meaning() -> None:
    found = public_classes(ENGINE)
    assert len(found) > 200
    assert {name: files for name, files in found.items() if len(files) > 1} == {}


def test_a_name_used_twice_is_found(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / f"{name}.py").write_text("class Table: ...\n\n\nclass _Row: ...\n", encoding="utf-8")
    assert public_classes(tmp_path) == {"Table": ["one.py", "other.py"]}
