"""Hostwise: where should this LLM workload run?

>>> import hostwise
>>> answers = hostwise.load_answers("examples/support-summariser.yaml")  # doctest: +SKIP
>>> record = hostwise.decide(answers)                                    # doctest: +SKIP
>>> hostwise.render(record, "report.html")                               # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hostwise.version import __version__

if TYPE_CHECKING:
    from hostwise.reading.findings.diagnostics import InputError
    from hostwise.record.decide import decide, load_answers
    from hostwise.report.render import render

__all__ = ["InputError", "__version__", "decide", "load_answers", "render"]

_PUBLIC = {
    "InputError": "hostwise.reading.findings.diagnostics",
    "decide": "hostwise.record.decide",
    "load_answers": "hostwise.record.decide",
    "render": "hostwise.report.render",
}


def __getattr__(name: str) -> object:
    # Imported on first use: `import hostwise` and `hostwise --help` must feel instant.
    if name not in _PUBLIC:
        raise AttributeError(f"module 'hostwise' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PUBLIC[name]), name)
