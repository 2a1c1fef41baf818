"""What every test gets: no network, the same examples on every machine."""

from __future__ import annotations

import gc
import os
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from tests.examples import PROFILES

# What commands keep between runs stays with the tests: nobody's home is touched.
os.environ["HOSTWISE_CACHE"] = str(Path(__file__).parents[1] / ".pytest_cache" / "hostwise")

# A process of tests keeps millions of objects: to look through them for garbage as often as Python does is a seventh
# of the time of tests that render.
gc.set_threshold(100_000, 50, 100)

# The same examples every time: a failure on one machine is a failure on all. No deadline: machines differ.
for name, count in PROFILES.items():
    settings.register_profile(name, derandomize=True, deadline=None, max_examples=count)
settings.load_profile("hostwise")


DEAREST = (
    "report/test_layout", "report/test_attacks", "report/test_pdf", "answers/test_spellings",
    "packaging/test_added_options", "workbench/test_prove", "analysis/test_look_again", "report/test_verify_pages",
    "report/test_stress", "report/test_same_numbers", "economics/test_every_plan", "workbench/test_odd_packs",
    "cli/test_start", "record/test_format", "reading/test_whole_files", "record/test_long_service",
    "packaging/test_documents", "report/test_sandbox", "report/test_language", "record/test_hostile_records",
    "report/test_browser", "reading/test_kept_document", "record/test_record", "report/test_pdf_checks",
    "workbench/test_dmn", "workbench/test_cases", "report/test_html", "mutation/test_dangerous",
)  # fmt: skip
"""Files that take from an eighth of a minute to one: the last to run would keep one core busy while the others wait."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The dearest files first, where files are handed out in the order in which they stand."""
    place = {f"tests/{name}.py": number for number, name in enumerate(DEAREST)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(place)))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run for what is made once, also where several processes share the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def first_cases(shared: Path) -> Callable[[int], list[Any]]:
    """So many random questionnaires, with their facts and costs: the same for all tests that ask."""
    from tests.shared import first_cases

    return partial(first_cases, shared)


@pytest.fixture(scope="session")
def decided_record(shared: Path) -> Callable[[str], Any]:
    """The record of an example, by its name: decided once in this run."""
    from tests.shared import decided_record

    return partial(decided_record, shared)


@pytest.fixture(scope="session")
def decided(shared: Path) -> Callable[[str], dict[str, Any]]:
    """The JSON values of the record of an example, by its name; a fresh copy each time."""
    from tests.shared import decided_example

    return partial(decided_example, shared)


@pytest.fixture
def decided_once() -> Iterator[None]:
    """For tests that decide a questionnaire again, and not to see that it comes out the same."""
    from tests import decided_once

    with decided_once.decided_once():
        yield


@pytest.fixture
def laid_out_once() -> Iterator[None]:
    """For tests that print a report again, and not to see that it comes out the same."""
    from tests import decided_once

    with decided_once.laid_out_once():
        yield


@pytest.fixture
def pages_end_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what stands on pages, not of where they end: each is laid out once, and left as it is."""
    monkeypatch.setattr("hostwise.report.pdf.write.laid_out", lambda render: render())


@pytest.fixture
def limited_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests of what `hostwise verify` finds out, not of its limits: what it starts a process for is done here."""
    from tests.limited_here import in_this_process

    monkeypatch.setattr("hostwise.cli.vouch.verify.in_limits", in_this_process)
    monkeypatch.setattr("hostwise.report.pdf.verify.explain.in_limits", in_this_process)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--approve` writes what is found where tests compare with what was approved before."""
    parser.addoption("--approve", action="store_true", help="approve the pictures of pages as they are now")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hostwise works offline: a connection to anything but this machine fails the test."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", refuse)
