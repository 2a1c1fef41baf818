"""Words that owners write for a choice: each stands for one of its values, and for one alone."""

from __future__ import annotations

import pytest

from hostwise.answers.questions.load_questions import load_questions
from hostwise.reading.files.folders import rules_dir
from hostwise.reading.names import name_words
from hostwise.record.decide import answers_from_text

QUESTIONS = load_questions(rules_dir())
WRITTEN = {
    # question and what is written → what it is read as
    ("constraints.external_processing", "yes"): "allowed",
    ("constraints.external_processing", "no"): "forbidden",
    ("constraints.residency", "no"): "none",
    ("constraints.fine_tuning", "No"): "none",
    ("constraints.tuned_weights", "LoRA"): "adapter",
    ("demand.traffic_mix", "real-time"): "interactive",
    ("demand.traffic_mix", "overnight"): "batch",
    ("demand.traffic_shape", "business hours"): "daily-cycle",
    ("demand.traffic_shape", "daily cycle"): "daily-cycle",
    ("demand.latency_of", "TTFT"): "first-token",
    ("demand.latency_of", "end-to-end"): "whole-answer",
    ("self_host.purchase", "on demand"): "on-demand",
    ("self_host.purchase", "bought"): "owned",
    ("team.gpu_operations", "no"): "none",
    ("workload.stage", "live"): "production",
    ("workload.task", "translation"): "other",
    ("self_host.precision", "AWQ"): "int4",
    ("self_host.precision", "4-bit"): "int4",
    ("self_host.precision", "Q4_K_M"): "int4",
    ("self_host.precision", "MXFP4"): "fp4",
}


@pytest.mark.parametrize(("key", "written"), WRITTEN)
def test_what_owners_write_is_read(key: str, written: str) -> None:
    section, name = key.split(".")
    head = "" if section == "workload" else "workload: {name: w}\n"
    text = f"{head}{section}: {{{'name: w, ' if section == 'workload' else ''}{name}: {written}}}\n"
    assert answers_from_text(text, "a.yaml").values[key].value == WRITTEN[key, written]


def test_several_words_of_a_list_are_read() -> None:
    text = "workload: {name: w}\nconstraints: {regulations: [DSGVO, PCI]}\n"
    assert answers_from_text(text, "a.yaml").values["constraints.regulations"].value == ("gdpr", "pci-dss")


def test_no_word_stands_for_two_values() -> None:
    for question in QUESTIONS.questions:
        words = [name_words(each) for value in question.values for each in (value, *question.aliases.get(value, ()))]
        assert len(words) == len(set(words)), question.key


def test_a_volume_in_the_counting_words_of_china_and_japan() -> None:
    for written, tokens in (("3亿", 300_000_000), ("300万", 3_000_000), ("1.5億 tokens", 150_000_000)):
        text = f"workload: {{name: w}}\ndemand: {{tokens_per_day: {written}}}\n"
        assert answers_from_text(text, "a.yaml").values["demand.tokens_per_day"].value == tokens
