"""Advice fits the work: what is said of work that goes on is not said of a job that runs once, and so on."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from hostwise.record.decide import answers_from_text, first_answer
from hostwise.record.format.verdict import DecidedVerdict

OPEN = "external_processing: allowed, air_gapped: no, edge_or_offline: no, residency: none, fine_tuning: none"
INSIDE = OPEN.replace("allowed", "forbidden")
TEXT = """workload: {{name: w, task: {task}, stage: production}}
constraints: {{{constraints}}}
demand: {{{demand}}}
{rest}
"""
TEAM = "team: {gpu_operations: platform-team, on_call: yes, security_ready: yes, existing_ml_platform: yes}"
IN_USE = "current_api: {model: gpt-5-mini}"

ONCE = {
    "at an API": ("extraction", OPEN, "pages: 2M, page_form: scan, runs_once: yes", "current_api: {model: gpt-4o}"),
    "in tokens": (
        "classification",
        OPEN,
        "tokens_per_month: 6B, input_share: 97%, runs_once: yes",
        IN_USE + "\nteam: {gpu_operations: none}",
    ),
    "on own GPUs": ("extraction", INSIDE, "pages: 20M, page_form: text, runs_once: yes", ""),
    "on own GPUs, with a team": ("summarisation", INSIDE, "tokens_per_month: 90B, runs_once: yes", TEAM),
    "on bought GPUs": ("summarisation", INSIDE, "tokens_per_month: 9B, runs_once: yes", "self_host: {purchase: owned}"),
}
EMBEDDED = {
    "at an API": ("embeddings", OPEN, "tokens_per_day: 200M", "current_api: {model: text-embedding-3-small}"),
    "at a provider": (
        "embeddings",
        OPEN,
        "tokens_per_day: 20B",
        "current_api: {model: text-embedding-3-large}\nteam: {gpu_operations: none}",
    ),
    "on own GPUs": ("embeddings", INSIDE, "tokens_per_day: 5B, traffic_mix: batch", TEAM),
    "on own GPUs, asked all day": ("embeddings", INSIDE, "tokens_per_day: 5B, traffic_mix: interactive", TEAM),
}
NEW = {
    "at an API": ("chat", OPEN, "chat_users: 200", ""),
    "at a provider": ("rag", OPEN, "tokens_per_day: 400M, input_share: 85%", "open_provider: {model: gpt-oss-120b}"),
    "on own GPUs": ("rag", INSIDE, "tokens_per_day: 400M, input_share: 85%", TEAM),
    "on bought GPUs": ("chat", INSIDE, "tokens_per_day: 40M", "self_host: {purchase: owned}"),
}
WAITS = {
    "at an API": ("classification", OPEN, "tokens_per_day: 20M, traffic_mix: batch", IN_USE),
    "on own GPUs": ("classification", INSIDE, "tokens_per_day: 2B, traffic_mix: batch", TEAM),
    "on bought GPUs": ("extraction", INSIDE, "tokens_per_day: 2B, traffic_mix: batch", "self_host: {purchase: owned}"),
}
FORBIDDEN = {
    "once": (ONCE, r"day 90|times a year|a week each|once a quarter|once a year|step by step|months|regions|on call\b"),
    "embeddings": (EMBEDDED, r"prompt caching|step by step|of the traffic|first token|structured output"),
    "new": (NEW, r"\b[Mm]ove (traffic|in steps)|go back\b|the model in use"),
    "waits": (WAITS, r"\bp95 and p99|while they wait|round trip|peaks of|availability that is needed"),
}


def _cases() -> Iterator[tuple[str, str]]:
    return ((kind, name) for kind, (cases, _) in FORBIDDEN.items() for name in cases)


def _said(verdict: DecidedVerdict) -> Iterator[tuple[str, str]]:
    for part in (verdict.conditions, verdict.risks, verdict.next_steps, verdict.revisit):
        yield from ((advice.rule, advice.text) for advice in part)
    yield from ((need.rule, need.text) for need in verdict.requirements if verdict.option in need.options)


@pytest.mark.parametrize(("kind", "name"), list(_cases()))
def test_nothing_is_said_that_does_not_fit_the_work(kind: str, name: str) -> None:
    cases, forbidden = FORBIDDEN[kind]
    task, constraints, demand, rest = cases[name]
    text = TEXT.format(task=task, constraints=constraints, demand=demand, rest=rest)
    verdict = first_answer(answers_from_text(text, "w.yaml"), engine="reference").verdict
    said = list(_said(verdict))
    assert len(said) >= 3
    assert [each for each in said if re.search(forbidden, each[1])] == []
