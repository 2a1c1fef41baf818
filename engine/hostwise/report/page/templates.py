"""Templates that show a record: those of every writer, with the record's numbers and rules as filters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from hostwise.record.format.rules import TracedCondition
from hostwise.report.language.language import Language
from hostwise.report.view.rules import anchor, seen_beside, stoppers
from hostwise.report.words.amounts import template_filters
from hostwise.report.words.templating import template_environment

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


def page_templates(root: Path, language: Language, **settings: Any) -> SandboxedEnvironment:
    """The templates below `root`, with filters for money, numbers, and the conditions of rules."""
    environment = template_environment(root, language, **settings)
    environment.filters |= {
        **template_filters(language),
        "anchor": anchor,
        "seen_beside": seen_beside,
        "stoppers": _stoppers,
    }
    return environment


def _stoppers(condition: TracedCondition) -> tuple[TracedCondition, ...]:
    return tuple(stoppers(condition))
