"""Pages as small grey pictures, and how far one may be from the one that was approved.

Rendered at 40 dots an inch, a picture is compared in squares of 4 dots (2.5 mm): the mean grey of a square may differ
by `SQUARE` of 255, and in at most `SHARE` of the squares with ink. Another patch version of Pango or poppler shifts
letters by fractions of a dot, which stays below both. A chart that is gone (11%) or a block of text 3 mm further down
(20%) does not; one short line alone (0.6%) would.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

APPROVED = Path(__file__).parent / "pictures"
RESOLUTION = 40
SIDE = 4
SQUARE = 28
SHARE = 0.02
REPORTS = {"cost": "support-summariser", "gate": "hospital-no-gpu-team", "undecided": "unanswered-gate"}
IN_FULL = (1, 2, 3, 4, 5)
"""Of the longest report: the first page, contents, and the first pages of the record, the rules and their tests."""


def pictures(pdf: bytes, folder: Path, last: int) -> list[Image.Image]:
    """The first pages of a PDF up to `last`, in grey."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm is not installed")
    file = folder / "report.pdf"
    file.write_bytes(pdf)
    command = ["pdftoppm", "-gray", "-r", str(RESOLUTION), "-l", str(last), str(file), str(folder / "page")]
    subprocess.run(command, check=True, timeout=120)
    found = [Image.open(path).copy() for path in sorted(folder.glob("page-*.pgm"))]
    for path in folder.glob("page-*.pgm"):
        path.unlink()
    return found


def difference(one: Image.Image, other: Image.Image) -> float:
    """The share of inked squares that differ by more than `SQUARE`; 1 where the sizes are not the same."""
    if one.size != other.size:
        return 1.0
    left, right = _squares(one), _squares(other)
    inked = (left < 250) | (right < 250)
    return float((np.abs(left - right) > SQUARE).sum() / max(int(inked.sum()), 1))


def _squares(picture: Image.Image) -> Any:
    grey = np.asarray(picture, dtype=float)
    rows, columns = (side // SIDE * SIDE for side in grey.shape)
    return grey[:rows, :columns].reshape(rows // SIDE, SIDE, columns // SIDE, SIDE).mean(axis=(1, 3))


def approved(name: str, page: int) -> Path:
    """Where the approved picture of a page stands."""
    return APPROVED / f"{name}-{page}.png"
