"""No sentence says what the facts contradict: what each claims is held against them, whatever the questionnaire."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.examples import examples
from tests.workbench.random_questionnaires import RandomCase, random_cases

from hostwise.answers.fact_text import format_likely
from hostwise.economics.catalogue.options import UNDECIDED
from hostwise.flow.choice_facts import monthly
from hostwise.flow.flow import Basis, FlowRun, Status, choose_costed, conclude, lands_on
from hostwise.flow.knowledge import load_knowledge
from hostwise.flow.labels import load_wording
from hostwise.flow.why.reasons import alternatives, reasons
from hostwise.inference.reference import evaluate
from hostwise.inference.run import Engine
from hostwise.inference.trace import RuleTrace
from hostwise.record.decide import answers_from_text, first_answer
from hostwise.rulebook.english.quoting import quoted
from hostwise.rulebook.language.rules import HOUSE, Advice
from hostwise.rulebook.loading.citations import load_citations

RULES = Path(__file__).parents[2] / "rules"
KNOWLEDGE = load_knowledge()
BASIS = Basis(KNOWLEDGE.rulebook, KNOWLEDGE.catalogue, KNOWLEDGE.as_of, Engine.REFERENCE)
WORDING, CITATIONS = load_wording(KNOWLEDGE.root), load_citations(KNOWLEDGE.root)


def test_every_rule_that_decides_says_under_which_condition_its_sentence_is_true() -> None:
    assert all(rule.true_when is not None for rule in KNOWLEDGE.rulebook.stage("choose", HOUSE))


@settings(max_examples=examples(400))
@given(st.integers(0, 2**32 - 1))
def test_what_every_sentence_claims_is_true(seed: int) -> None:
    """The sentence of each rule that is said: its own condition, by `true_when`, or else that by which it holds."""
    ((facts, costing),) = random_cases(KNOWLEDGE, seed, 1)
    run = conclude(choose_costed(facts, costing, BASIS), {}, BASIS)
    for trace in said(run):
        claim = trace.rule.true_when or trace.rule.when
        truth = evaluate(replace(trace.rule, when=claim), run.facts, KNOWLEDGE.rulebook.specs).truth
        assert truth is True, (trace.rule.id, {name: run.facts[name].value for name in trace.rule.reads})


@settings(max_examples=examples(200))
@given(st.integers(0, 2**32 - 1))
def test_no_sentence_quotes_what_nobody_knows(seed: int) -> None:
    """Reports said "peaks of unknown the mean", "the bill unknown a month", "unknown of the tokens may not leave"."""
    ((facts, costing),) = random_cases(KNOWLEDGE, seed, 1)
    run = conclude(choose_costed(facts, costing, BASIS), {}, BASIS)
    open_ = run.gates.unsettled if run.choice.status is not Status.DECIDED else ()
    for trace in (*said(run), *open_):
        rule, then = trace.rule, trace.rule.then
        texts = (rule.because, then.text) if isinstance(then, Advice) else (rule.because,)
        for name in (name for text in texts for name in quoted(text)):
            assert rule.stage == "derive" or run.facts[name].known, (rule.id, name)


def said(run: FlowRun) -> Iterator[RuleTrace]:
    """The rules whose sentences a report of this run prints as true."""
    decided = run.choice.rule
    open_ = decided is not None and lands_on(decided.rule, run.gates.feasible) == UNDECIDED
    if decided is not None and (open_ or run.choice.status is Status.DECIDED):
        yield decided
    yield from (t for t in run.traces if t.rule.stage in ("derive", "gate") and t.truth is True)
    yield from (t for t in run.traces if isinstance(t.rule.then, Advice) and t.truth is True)


@settings(max_examples=examples(400))
@given(st.integers(0, 2**32 - 1))
def test_what_is_said_of_each_option_is_true(seed: int) -> None:
    """Sentences that no rule writes: what an option costs more or less, which rule it would need, which came first."""
    ((facts, costing),) = random_cases(KNOWLEDGE, seed, 1)
    run = conclude(choose_costed(facts, costing, BASIS), {}, BASIS)
    if run.choice.option is None:
        return
    for reason in reasons(run, BASIS, WORDING, CITATIONS):
        if not reason.rule:
            _holds(reason.text, run)
    own = run.facts[monthly(run.choice.option)].value
    for each in alternatives(run, BASIS, WORDING):
        if each.status not in ("costlier", "not-chosen"):
            continue
        _rules_named(each.why, each.option, run)
        amount = run.facts[monthly(each.option)].value
        if isinstance(own, Decimal) and isinstance(amount, Decimal):
            assert ("a month more" not in each.why) or amount > own, each.why
            assert ("a month less" not in each.why) or amount < own, each.why


def _holds(text: str, run: FlowRun) -> None:
    """A sentence that compares costs: the amounts are the ledgers', the next option is the cheapest other one."""
    costs = {o: run.facts[monthly(o)].value for o in run.gates.feasible}
    priced = {o: cost for o, cost in costs.items() if isinstance(cost, Decimal) and o != run.choice.option}
    own = costs[str(run.choice.option)]
    if "the only option" in text:
        assert not priced, text
    elif priced and isinstance(own, Decimal):
        other = min(priced, key=lambda o: (priced[o], o))
        assert format_likely(run.facts[monthly(other)]) in text, text
        assert ("the next feasible option" in text) == (own <= priced[other]), text
        _rules_named(text, other, run)


def _rules_named(text: str, option: str, run: FlowRun) -> None:
    """The rules that a sentence names: one that would need something does not hold, one that was overtaken does."""
    titles = re.findall(r"“(.+?)”", text)
    named = [next(t for t in run.traces if (t.rule.title or t.rule.id) == title) for title in titles]
    # What is asserted is a plain truth: of a run or of a trace pytest would write all that they hold, gigabytes of it.
    if "would need" in text:
        unmet = named[0].truth is not True
        assert unmet, text
    elif len(named) == 2:
        holds, first = named
        overtaken = run.traces.index(first) < run.traces.index(holds) or first is run.confirmation
        held = holds.truth is True
        assert held and overtaken, text
    lands = [lands_on(t.rule, run.gates.feasible) for t in named[:1] if "No rule" not in text]
    assert all(each == option for each in lands), (text, lands, option)


def test_the_random_questionnaires_reach_most_rules_that_decide(first_cases: Callable[[int], list[RandomCase]]) -> None:
    """Else the properties above would hold of nothing."""
    decided: Counter[str] = Counter()
    for facts, costing in first_cases(examples(750)):
        rule = choose_costed(facts, costing, BASIS).choice.rule_id
        decided.update([rule] if rule else [])
    assert len(decided) >= 9, decided


def test_a_sentence_whose_claim_is_false_is_not_said(tmp_path: Path) -> None:
    """Someone's own rule may say more than its condition holds: the report then goes without it."""
    target = tmp_path / "rules"
    shutil.copytree(RULES, target)
    file = target / "flow" / "5-risks.yaml"
    risk = "  - id: risk.heat\n"
    text = file.read_text("utf-8")
    assert risk in text
    always = risk.replace("heat", "said") + (
        "    stage: advise\n    when: {always: true}\n    true_when: {tokens_per_month: '> 1B'}\n"
        "    then: {risk: More than a billion tokens., owner: product}\n    because: It is much.\n    status: house\n"
    )
    file.write_text(text.replace(risk, always + risk), encoding="utf-8")
    shown = {}
    for volume in ("500M", "2B"):
        text = f"workload: {{name: a}}\ndemand: {{tokens_per_month: {volume}}}\n"
        text += "self_host: {model: Llama-3.3-70B, gpu: H100}\n"  # no search is looked at
        verdict = first_answer(answers_from_text(text, "a.yaml", target), rules=target).verdict
        shown[volume] = "risk.said" in {each.rule for each in verdict.risks}
    assert shown == {"500M": False, "2B": True}


def test_an_own_gate_that_excludes_the_api_leaves_no_sentence_that_it_stays(tmp_path: Path) -> None:
    """An overlay may rule out the proprietary API with a gate that the house does not know."""
    target = tmp_path / "rules"
    shutil.copytree(RULES, target)
    gate = (
        "\n  - id: gate.ours\n    stage: gate\n    title: Not with this vendor\n    when: {always: true}\n"
        "    then: {exclude: [managed-api]}\n    because: We left this vendor.\n    status: house\n"
    )
    file = target / "flow" / "2-gate.yaml"
    file.write_text(file.read_text("utf-8").rstrip("\n") + gate, encoding="utf-8")
    text = (RULES.parent / "examples" / "support-summariser.yaml").read_text("utf-8")
    verdict = first_answer(answers_from_text(text, "a.yaml", target), rules=target).verdict
    assert verdict.option not in (None, "managed-api")
    assert not any("it is the managed API" in reason.text for reason in verdict.reasons), verdict.reasons
    assert verdict.rule == "choose.first-api"
