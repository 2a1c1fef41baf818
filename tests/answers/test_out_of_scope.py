"""Work that Hostwise decides nothing about is refused at once, with the reason; other words of a task are read."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands import hostwise

SPEECH, VOICE = "where speech becomes text", "where text becomes speech"
IMAGES, VIDEOS, TRAINING = "where images are made", "where videos are made", "where models are trained"
TASKS = {
    "speech-to-text": SPEECH, "STT": SPEECH, "Speech to Text": SPEECH, "transcription": SPEECH, "ASR": SPEECH,
    "text-to-speech": VOICE, "TTS": VOICE, "image-generation": IMAGES, "Image Generation": IMAGES,
    "text-to-image": IMAGES, "video generation": VIDEOS, "training": TRAINING, "Fine-Tuning": TRAINING,
    "training from scratch": TRAINING,
}  # fmt: skip
MODELS = {
    "whisper-1": SPEECH, "openai/whisper-large-v3": SPEECH, "gpt-4o-mini-transcribe": SPEECH, "gpt-4o-mini-tts": VOICE,
    "dall-e-3": IMAGES, "gpt-image-1": IMAGES, "FLUX.1-dev": IMAGES, "sora-2": VIDEOS, "veo-3.1": VIDEOS,
}  # fmt: skip


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("command", ["check", "decide"])
def test_a_task_out_of_scope_is_refused_with_its_place_and_the_reason(task: str, command: str, tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(f"workload:\n  name: x\n  task: {task}\ndemand: {{tokens_per_day: 30M}}\n")
    said = hostwise(command, str(file))
    assert said.returncode == 2
    assert f"{file}:3:9: error: workload.task: Hostwise does not decide {TASKS[task]}" in said.stderr
    assert "accepted: chat, rag" in said.stderr


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("section", ["current_api", "open_provider", "self_host"])
def test_a_model_that_does_nothing_else_is_refused_too(model: str, section: str, tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(f"workload: {{name: x}}\n{section}:\n  model: {model}\n")
    said = hostwise("check", str(file))
    assert said.returncode == 2
    assert f"{file}:3:10: error: {section}.model: Hostwise does not decide {MODELS[model]}" in said.stderr


@pytest.mark.parametrize(
    "model", ["gpt-4o", "Llama-3.3-70B", "amazon-nova-pro", "voxtral-small-24b-2507", "gpt-realtime-3"]
)
def test_a_language_model_is_not(model: str, tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(f"workload: {{name: x}}\ncurrent_api: {{model: {model}}}\n")
    assert "does not decide" not in hostwise("check", str(file)).stderr


def test_every_other_door_says_it_too(tmp_path: Path) -> None:
    file, table = tmp_path / "w.yaml", tmp_path / "t.csv"
    file.write_text("workload: {name: x, task: TTS}\n")
    assert hostwise("report", str(file), "-o", str(tmp_path / "r.html")).returncode == 2
    assert not (tmp_path / "r.html").exists()
    table.write_text("workload.name,workload.task,demand.tokens_per_day\na,TTS,30M\nb,chat,30M\n")
    said = hostwise("check", str(table))
    assert said.returncode == 2 and VOICE in said.stderr and "row" not in said.stdout
    begun = hostwise("start", "--bill", "4,200 USD a month on whisper-1", str(tmp_path / "s.yaml"))
    assert SPEECH in " ".join(begun.stdout.split())
    file.write_text("workload: {name: x}\n")
    assert VOICE in hostwise("whatif", str(file), "--set", "workload.task=TTS").stderr


@pytest.mark.parametrize(
    ("written", "task"),
    [("Summarization", "summarisation"), ("Coding", "code"), ("OCR", "extraction"), ("agentic", "agents")],
)  # fmt: skip
def test_what_people_call_a_task_is_understood(written: str, task: str, tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    found = f"workload: {{name: x, task: {written}}}\ndemand: {{tokens_per_day: 30M}}\n"
    file.write_text(found + "self_host: {model: Llama-3.3-70B, gpu: H100}\n")  # no search is looked at
    assert f'"value":"{task}"' in hostwise("decide", str(file), "--json").stdout.replace(" ", "")


@pytest.mark.parametrize("place", ["EU", "Germany", "in the EU", "eu-central-1", "Schweiz", "US", "norway"])
def test_a_place_where_data_must_stay_is_answered_with_what_to_write(place: str, tmp_path: Path) -> None:
    file = tmp_path / "w.yaml"
    file.write_text(f"workload: {{name: x}}\nconstraints:\n  residency: {place}\n")
    said = hostwise("check", str(file))
    assert said.returncode == 2
    assert (
        f"{file}:3:14: error: constraints.residency: a place is no answer: met-by-provider-region where" in said.stderr
    )
