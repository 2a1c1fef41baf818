"""`--lang`: what commands print is in the language, all of it; and English stays as it was."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from hostwise.cli.main import cli
from hostwise.record.decide import decide, load_answers
from hostwise.report.language.language import language_of
from hostwise.report.terminal.decision import decision_text
from hostwise.report.words.words import load_words

pytestmark = pytest.mark.usefixtures("decided_once")

EXAMPLE, OPEN = "examples/support-summariser.yaml", "examples/unanswered-gate.yaml"
NOT_FEASIBLE = "examples/infeasible-handheld-interpreter.yaml"
PLACE = re.compile(r"%\(\w+\)s|\{[a-z0-9_.]+\}|</?\w+>")
LONG = 12
"""Characters from which on a piece of a sentence is no chance."""
COMMANDS = [
    *(f"decide {file}{everything}" for file in (EXAMPLE, OPEN, NOT_FEASIBLE) for everything in ("", " --all")),
    "decide examples/portfolio.csv --as-of 2026-11-20",
    f"explain {EXAMPLE}",
    f"explain {EXAMPLE} gate.air-gapped",
    f"explain {EXAMPLE} --why",
    f"explain {NOT_FEASIBLE} --why",
    f"explain {EXAMPLE} --why-not managed-api",
    f"explain {EXAMPLE} --why-not edge",
    f"explain {EXAMPLE} --unknown constraints.external_processing",
    f"whatif {EXAMPLE} --set demand.tokens_per_day=900M --set team.gpu_operations=platform-team",
    f"diff {OPEN} {EXAMPLE}",
    f"explain {EXAMPLE} --flips",
    f"whatif {EXAMPLE} --sweep demand.tokens_per_day=1M..10B --steps 5",
    f"whatif {EXAMPLE} --sweep team.gpu_operations --sweep demand.tokens_per_day=1M..10B --steps 5",
    f"explain {OPEN} --robustness",
]


def printed(command: str) -> str:
    result = CliRunner().invoke(cli, command.split())
    assert result.exit_code == 0, result.output
    return result.stdout


def english_in(page: str) -> set[str]:
    """Texts that German says otherwise and that the page says in English. A word alone inside a line may be an id."""
    texts = language_of(load_words().root, "de").texts
    lines = set(page.splitlines())
    flowing = " ".join(page.split())
    found = set()
    for english, german in texts.items():
        piece = max(PLACE.split(english), key=len).strip()
        said = english in lines or (len(piece) >= LONG and " " in piece and piece in flowing)
        if said and piece not in german and english not in texts.values():
            found.add(english)
    return found


@pytest.mark.parametrize("command", COMMANDS)
def test_a_page_in_german_has_no_english_text_left(command: str) -> None:
    assert english_in(printed(f"{command} --lang de")) == set()


def test_english_on_a_page_is_noticed() -> None:
    assert len(english_in(printed(f"decide {EXAMPLE}"))) > 10


def test_triggers_are_said_in_german(tmp_path: Path) -> None:
    record = tmp_path / "record.json"
    printed(f"decide {EXAMPLE} -o {record}")
    page = printed(f"check {record} --today {EXAMPLE} --as-of 2026-12-20 --lang de")
    assert page.startswith(
        "Nichts spricht dafür, neu zu prüfen; die heutigen Antworten führen weiterhin zu „Anbieter offener"
    )
    assert "bei 601.200 oder weniger → Verwaltete API; knapp ab 744.843 (heute: 30 Mio.)" in " ".join(page.split())
    assert english_in(page) == set()


def test_what_the_questionnaire_says_stays_as_it_is() -> None:
    page = " ".join(printed(f"diff {OPEN} {EXAMPLE} --lang de").split())
    assert "Antwort demand.tokens_per_day: 12M → 30M" in page
    assert "Antwort workload.task: classification → summarisation" in page
    assert "Antwort workload.currency: nicht angegeben → USD" in page


@pytest.mark.parametrize(
    "command", [f"explain {EXAMPLE} --flips", f"explain {EXAMPLE} --why", f"diff {OPEN} {EXAMPLE}"]
)
def test_json_stays_english(command: str) -> None:
    assert printed(f"{command} --json --lang de") == printed(f"{command} --json")


def test_a_map_is_drawn_in_the_language(tmp_path: Path) -> None:
    drawn = tmp_path / "map.svg"
    printed(f"whatif {EXAMPLE} --sweep demand.tokens_per_day=1M..10B --steps 5 --lang de -o {drawn}")
    assert "Token am Tag" in drawn.read_text(encoding="utf-8")


def test_a_language_that_is_not_there_is_refused_before_anything_is_decided() -> None:
    result = CliRunner().invoke(cli, ["explain", "no-such-file.yaml", "--flips", "--lang", "tlh"])
    assert "tlh" in str(result.exception)


def test_a_company_says_it_in_its_own_words(tmp_path: Path) -> None:
    own = Path(shutil.copytree("templates", tmp_path / "templates"))
    words = own / "report" / "words.yaml"
    text = words.read_text(encoding="utf-8")
    words.write_text(text.replace("revisit: Look again", "revisit: When we meet again"), encoding="utf-8")
    record = decide(load_answers(EXAMPLE))
    assert "\nWhen we meet again\n" in decision_text(record, templates=own, everything=True)
