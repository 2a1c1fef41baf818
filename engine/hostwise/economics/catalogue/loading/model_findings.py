"""What must hold across the files of models: licences and replacements are entries, and a name means one model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from hostwise.economics.models.api_model import ApiModel
from hostwise.economics.models.classes import AnyModel
from hostwise.economics.models.licences import Licences
from hostwise.economics.models.model import Model
from hostwise.economics.models.names import named_twice
from hostwise.economics.models.reasoning import Reasoning
from hostwise.reading.files.kept_document import read_kept_document
from hostwise.reading.findings.diagnostics import Diagnostic
from hostwise.reading.findings.suggest import nearest


class _Wrong(Struct, frozen=True):
    path: tuple[str | int, ...]
    message: str
    found: str
    accepted: tuple[str, ...] = ()


def model_findings(
    folder: Path,
    models: Mapping[str, Model],
    api_models: Mapping[str, ApiModel],
    licences: Licences,
    reasoning: Reasoning,
) -> Iterator[Diagnostic]:
    """Every finding about `models.yaml` and `api-models.yaml` of a catalogue's folder, at its line."""
    wrong = [
        *_licences("models", models, licences),
        *_licences("api_models", api_models, licences),
        *_replacements(api_models, {**models, **api_models}),
        *_names(models, api_models),
        *_levels("models", models, reasoning),
        *_levels("api_models", api_models, reasoning),
    ]
    for each in wrong:
        file = "models.yaml" if each.path[0] == "models" else "api-models.yaml"
        yield read_kept_document(folder / file).finding(
            each.path, "unknown-name", each.message, found=each.found, accepted=", ".join(each.accepted),
            suggestion=nearest(each.found, each.accepted),
        )  # fmt: skip


def _licences(key: str, models: Mapping[str, AnyModel], licences: Licences) -> Iterator[_Wrong]:
    known = tuple(licences.licences)
    for name, model in models.items():
        if model.licence not in known:
            yield _Wrong((key, name, "licence"), "no such licence in licences.yaml", model.licence, known)


def _levels(key: str, models: Mapping[str, AnyModel], reasoning: Reasoning) -> Iterator[_Wrong]:
    known, message = tuple(reasoning.levels), "no such level in reasoning.yaml"
    for name, model in models.items():
        if model.reasoning and model.reasoning not in known:
            yield _Wrong((key, name, "reasoning"), message, model.reasoning, known)
        for effort in model.efforts if isinstance(model, ApiModel) else ():
            if effort not in known:
                yield _Wrong((key, name, "efforts", effort), message, effort, known)


def _replacements(models: Mapping[str, ApiModel], everyone: Iterable[str]) -> Iterator[_Wrong]:
    known = tuple(everyone)
    for name, model in models.items():
        if model.replacement and model.replacement not in known:
            yield _Wrong(("api_models", name, "replacement"), "no such model", model.replacement, known)


def _names(models: Mapping[str, Model], api_models: Mapping[str, ApiModel]) -> Iterator[_Wrong]:
    for name, other in named_twice({**models, **api_models}):
        key = "models" if name in models else "api_models"
        yield _Wrong((key, name), f"{other} has a name of this model too: a name means one model", name)
