"""Hostwise: where should this LLM workload run?

>>> import hostwise
>>> answers = hostwise.load_answers("examples/support-summariser.yaml")  # doctest: +SKIP
>>> record = hostwise.decide(answers)                                    # doctest: +SKIP
>>> hostwise.render(record, "report.html")                               # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hostwise.decision.api import decide, load_answers
    from hostwise.reading.diagnostics import InputError
    from hostwise.report.render import render

__all__ = ["InputError", "__version__", "decide", "load_answers", "render"]

__version__ = "0.1.0"

_PUBLIC = {
    "InputError": "hostwise.reading.diagnostics",
    "decide": "hostwise.decision.api",
    "load_answers": "hostwise.decision.api",
    "render": "hostwise.report.render",
}


def __getattr__(name: str) -> object:
    # Imported on first use: `import hostwise` and `hostwise --help` must feel instant.
    if name not in _PUBLIC:
        raise AttributeError(f"module 'hostwise' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_PUBLIC[name]), name)
