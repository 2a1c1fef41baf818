"""A record as Markdown, for a pull request or an architecture decision record (MADR headings)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hostwise.report.templating import render_template
from hostwise.report.view import view


def render_markdown(record: Mapping[str, Any], templates: Path) -> str:
    """The report as Markdown; every value from the questionnaire is escaped."""
    text = render_template("report/report.md.j2", view(record), templates, markup=False)
    return re.sub(r"\n{3,}", "\n\n", text)
