"""A way to host is added in `rules/catalogue/options.yaml` alone: it works wherever options do, or is refused."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path

import pypdf
import pytest
from click.testing import CliRunner, Result
from msgspec import Struct
from msgspec.structs import replace
from tests.records import as_data

import hostwise
from hostwise.answers.facts import Fact
from hostwise.answers.to_facts import answer_facts
from hostwise.batch.cases import population
from hostwise.batch.decide import decide_many
from hostwise.cli.main import cli
from hostwise.economics.catalogue.options import NEEDS
from hostwise.flow.choice_facts import monthly, verdict_facts
from hostwise.flow.flow import Basis, supposed_flow, with_fact
from hostwise.flow.knowledge import load_knowledge
from hostwise.inference.run import Engine, infer
from hostwise.reading.findings.diagnostics import InputError
from hostwise.record.decide import first_answer
from hostwise.rulebook.language.rules import HOUSE
from hostwise.workbench.proof.properties import load_properties
from hostwise.workbench.proof.rules_diff import partings

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
BEFORE = "# Which of them the API in use is"


class Added(Struct, frozen=True):
    """An option that nobody shipped: what makes it what it is, where it is open, and what must cost the same."""

    id: str
    label: str
    family: str
    needs: str
    example: str
    twin: str

    @property
    def entry(self) -> str:
        """Its entry of options.yaml."""
        head = f"  {self.id}:\n    label: {self.label}\n    short: {self.id}\n    family: {self.family}\n"
        return f"{head}{self.needs}    sentence: Use it.\n"

    @property
    def rule(self) -> str:
        """A rule that chooses it wherever the gates leave it."""
        fact = self.id.replace("-", "_")
        return (
            f"  - id: choose.{self.id}\n    stage: choose\n    title: {self.label}\n"
            f"    when: {{feasible.{fact}: true}}\n"
            f"    then: {{verdict: {self.id}}}\n    because: It is there.\n    status: house\n"
        )


ADDED = (
    Added("reseller", "API by way of a reseller", "api",
          "    price: {of: [closed, open], times: sovereign_premium}\n    weights: closed\n    cloud: sovereign\n",
          "regulated-sovereign-cloud", "sovereign-api"),
    Added("leased", "Leased servers", "own", "    gpus: rented\n", "s2-70b-vs-gpt4o", "self-host-cloud"),
    Added("open-split", "Split with an open provider", "mix",
          "    slice: [self-host-cloud, self-host-owned]\n    rest: [managed-api, open-model-provider]\n",
          "nightly-extraction-batch", "hybrid"),
    Added("laptops", "On laptops", "device", "", "offline-device-fleet", "edge"),
)  # fmt: skip
BY_FAMILY = {option.family: option for option in ADDED}


def rules_with(folder: Path, options: tuple[Added, ...], entries: str = "") -> Path:
    """A copy of the shipped rules with options more, each with a rule that chooses it."""
    copied = folder / "rules"
    shutil.copytree(ROOT / "rules", copied)
    insert(copied / "catalogue" / "options.yaml", BEFORE, entries or "".join(option.entry for option in options))
    first = "  # -------------------------------------------------- what gates leave alone"
    insert(copied / "flow" / "3-choose.yaml", first, "".join(option.rule for option in options))
    return copied


def insert(path: Path, before: str, text: str) -> None:
    head, found, tail = path.read_text(encoding="utf-8").partition(before)
    assert found, f"{path.name} has no line {before!r}"
    path.write_text(head + text + found + tail, encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


@pytest.fixture(scope="module", params=list(NEEDS))
def added(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Added, Path]:
    """An option of one family, with rules that have it."""
    option = BY_FAMILY[request.param]
    return option, rules_with(tmp_path_factory.mktemp(option.id), (option,))


@pytest.fixture(scope="module")
def all_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rules with an added option of each family, and no rule that names one."""
    entries = "".join(option.entry for option in ADDED)
    return rules_with(tmp_path_factory.mktemp("all"), (), entries)


def answers(option: Added, rules: Path) -> Mapping[str, Fact]:
    document = hostwise.load_answers(EXAMPLES / f"{option.example}.yaml", rules=rules)
    return answer_facts(document, load_knowledge(rules).questionnaire)


def test_it_can_be_decided_and_reported(added: tuple[Added, Path]) -> None:
    option, rules = added
    record = hostwise.decide(hostwise.load_answers(EXAMPLES / f"{option.example}.yaml", rules=rules), rules=rules)
    assert as_data(record)["verdict"]["option"] == option.id
    ledgers = {ledger["option"]: ledger for ledger in as_data(record)["ledgers"]}
    assert ledgers[option.id]["priced"]
    assert ledgers[option.id]["total"] == ledgers[option.twin]["total"]
    assert option.label in str(hostwise.render(record, "html", audience="audit"))
    assert option.label in str(hostwise.render(record, "md"))


def test_it_is_advised_as_its_twin_is(added: tuple[Added, Path]) -> None:
    option, rules = added
    knowledge = load_knowledge(rules)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)
    facts = supposed_flow(answers(option, rules), basis).facts
    assert advice(option.id, facts, basis) == advice(option.twin, facts, basis) != set()


def advice(outcome: str, facts: Mapping[str, Fact], basis: Basis) -> set[str]:
    """The advice that holds with a verdict, by the ids of its rules."""
    known = {**facts, **verdict_facts(outcome, basis.catalogue)}
    rules = basis.rulebook.stage("advise", HOUSE)
    found = infer(rules, known, basis.engine, basis.rulebook.specs)
    return {trace.rule.id for trace in found.traces if trace.truth is True}


def test_many_cases_at_once_cost_what_each_costs_alone(added: tuple[Added, Path]) -> None:
    option, rules = added
    knowledge = load_knowledge(rules)
    basis = Basis(knowledge.rulebook, knowledge.catalogue, knowledge.as_of, Engine.REFERENCE)
    facts = answers(option, rules)
    (volume,) = (n for n in ("stated_tokens_per_day", "stated_tokens_per_month") if facts[n].known)
    rows = [with_fact(facts, _times(facts[volume], factor)) for factor in (1, 2, 3, 5, 7, 11)]
    outcomes = decide_many(population(rows), basis)
    place = outcomes.options.index(option.id)
    for case, row in enumerate(rows):
        run = supposed_flow(row, basis)
        assert outcomes.of(case)[0] == run.choice.outcome == option.id
        amount = run.facts[monthly(option.id)].value
        assert isinstance(amount, Decimal)
        assert outcomes.costs[case, place] == pytest.approx(float(amount), rel=1e-9)


def _times(fact: Fact, factor: int) -> Fact:
    assert isinstance(fact.value, Decimal)
    return replace(fact, value=fact.value * factor)


def test_gates_hold_for_every_option_of_a_kind(all_rules: Path) -> None:
    example = EXAMPLES / "air-gapped-department.yaml"
    record = first_answer(hostwise.load_answers(example, rules=all_rules), rules=all_rules)
    left = {fact["name"]: fact["value"] for fact in as_data(record)["facts"] if fact["name"].startswith("feasible.")}
    for option in ADDED:
        own, twin = (f"feasible.{id_.replace('-', '_')}" for id_ in (option.id, option.twin))
        assert left[own] is left[twin] is False, option.id


def test_the_rules_with_them_are_checked_proved_and_documented(all_rules: Path, tmp_path: Path) -> None:
    checked = run("rules", "check", "--rules", str(all_rules))
    assert checked.exit_code == 0 and checked.output.endswith("fine.\n"), checked.output
    proved = run("rules", "prove", "--rules", str(all_rules))
    assert proved.exit_code == 0, proved.output
    docs = tmp_path / "docs.html"
    assert run("rules", "docs", "--rules", str(all_rules), "-o", str(docs)).exit_code == 0
    assert all(option.label in docs.read_text(encoding="utf-8") for option in ADDED)


def test_the_rules_with_them_are_told_from_those_shipped(all_rules: Path) -> None:
    shipped, more = load_knowledge(), load_knowledge(all_rules)
    for old, new in ((shipped, more), (more, shipped)):
        found = list(islice(partings(old, new, load_properties(old), load_properties(new)), 2))
        assert len(found) == 2 and all(parting.confirmed for parting in found)


@pytest.mark.parametrize("target", ["jdm", "dmn"])
def test_the_rules_with_them_are_exported(all_rules: Path, target: str) -> None:
    exported = run("rules", "export", "--to", target, "--rules", str(all_rules))
    assert exported.exit_code == 0, exported.output
    assert all(monthly(option.id).replace(".", "_") in exported.output.replace(".", "_") for option in ADDED)


@pytest.mark.usefixtures("pages_end_full")
def test_what_if_portfolio_and_pdf_know_them(all_rules: Path, tmp_path: Path) -> None:
    example = str(EXAMPLES / "nightly-extraction-batch.yaml")
    supposed = run("whatif", example, "--set", "demand.tokens_per_month=4B", "--rules", str(all_rules))
    assert supposed.exit_code == 0, supposed.output
    # What costs the same is not listed: devices are not counted by volume.
    assert all((option.label in supposed.output) is (option.family != "device") for option in ADDED)
    table = tmp_path / "out.csv"
    decided = run("decide", str(EXAMPLES / "portfolio.csv"), "--rules", str(all_rules), "-o", str(table))
    assert decided.exit_code == 0, decided.output
    assert all(option.id.replace("-", "_") in table.read_text(encoding="utf-8").replace("-", "_") for option in ADDED)
    record = hostwise.decide(hostwise.load_answers(example, rules=all_rules), rules=all_rules)
    pages = pypdf.PdfReader(io.BytesIO(bytes(hostwise.render(record, "pdf", audience="leadership")))).pages  # type: ignore[arg-type]
    printed = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert all(option.label in printed for option in ADDED)


WRONG = {
    "own GPUs, neither rented nor bought": (
        "  colocated:\n    label: Colocated\n    short: colocated\n    family: own\n    sentence: Use it.\n",
        0, "missing-key", "rented or bought",
    ),
    "a family that is none": (
        "  colocated:\n    label: Colocated\n    short: colocated\n    family: colocation\n    sentence: Use it.\n",
        3, "literal-error", "'api', 'own', 'mix' or 'device'",
    ),
    "a price that is none": (
        BY_FAMILY["api"].entry.replace("[closed, open]", "[closed, cheap]"), 4, "literal-error",
        "'closed', 'open' or 'seated'",
    ),
    "a price times a figure that is none": (
        BY_FAMILY["api"].entry.replace("sovereign_premium", "sovereign_premum"), 4, "unknown-name", "ratio, share, x",
    ),
    "a mix whose rest is no API": (
        BY_FAMILY["mix"].entry.replace("rest: [managed-api", "rest: [self-host-cloud"), 5,
        "unknown-option", "managed-api",
    ),
    "a key of another family": (
        BY_FAMILY["api"].entry.replace("    weights", "    gpus: rented\n    weights"), 5,
        "unknown-key", "price, weights",
    ),
    "an id that names a kind": (
        BY_FAMILY["own"].entry.replace("  leased:", "  rented:"), 0, "option-id", "none of",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_an_option_that_cannot_work_is_refused_at_its_line(name: str, tmp_path: Path) -> None:
    entry, further, code, accepted = WRONG[name]
    rules = rules_with(tmp_path, (), entry)
    text = (rules / "catalogue" / "options.yaml").read_text(encoding="utf-8")
    line = text[: text.index(entry)].count("\n") + 1 + further
    with pytest.raises(InputError) as refused:
        load_knowledge(rules)
    (finding,) = refused.value.diagnostics
    assert (finding.code, Path(finding.place.file).name, finding.place.line) == (code, "options.yaml", line)
    assert finding.place.column > 0
    assert accepted in (finding.accepted or "")
    printed = run("decide", str(EXAMPLES / "support-summariser.yaml"), "--rules", str(rules))
    assert isinstance(printed.exception, (SystemExit, InputError))


def test_no_option_is_a_literal_in_python() -> None:
    """The ids are read from options.yaml, so that one shipped tomorrow is looked for as well."""
    ids = load_knowledge().catalogue.options
    engine = ROOT / "engine"
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in sorted(engine.rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(f'"{id_}"' in line for id_ in ids)
    ]
    assert not found, "\n".join(found)
