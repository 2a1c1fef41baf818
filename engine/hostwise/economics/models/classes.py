"""Classes of models: by a dated quality index at the effort used. Size says nothing about it.

An index of one version is never compared with another's as it is: an older value is carried to the newest version by a
curve that was fitted on the models in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from hostwise.economics.models.api_model import ApiModel
from hostwise.economics.models.model import Model, ModelIndex
from hostwise.reading.files.strict import Strict

AnyModel = Model | ApiModel


class IndexVersion(Strict, frozen=True):
    """A version of the index: the lowest value of each class but the first; how a value is carried to the newest."""

    since: date
    edges: Mapping[str, Decimal]
    to_newest: tuple[Decimal, Decimal, Decimal] | None = None


class Classes(Strict, frozen=True):
    """The classes in ascending order, and the index that they go by. `deviation` is in points of the newest version."""

    classes: tuple[str, ...]
    assumed: str
    """The class that is wanted where nothing tells."""
    index: str
    versions: Mapping[str, IndexVersion]
    deviation: Decimal
    source: str
    as_of: date

    def __post_init__(self) -> None:
        if self.assumed not in self.classes:
            raise ValueError(f"assumed: {self.assumed} is no class")
        for name, version in self.versions.items():
            edges = [version.edges.get(each) for each in self.classes[1:]]
            known = [edge for edge in edges if edge is not None]
            if len(known) != len(self.classes) - 1 or known != sorted(known) or len(version.edges) != len(known):
                raise ValueError(f"version {name}: edges ascend, one for each class but {self.classes[0]}")

    def of_index(self, index: ModelIndex) -> str:
        """The class of a value, by the edges of its own version; empty for another index or version."""
        version = self.versions.get(index.version) if index.name == self.index else None
        if version is None:
            return ""
        return [self.classes[0], *(each for each in self.classes[1:] if index.value >= version.edges[each])][-1]

    def on_newest(self, index: ModelIndex) -> Decimal | None:
        """The value on the newest version; None where no curve leads there."""
        version = self.versions.get(index.version) if index.name == self.index else None
        if version is None:
            return None
        if version.to_newest is None:
            return index.value
        constant, linear, square = version.to_newest
        return constant + linear * index.value + square * index.value**2

    def rank(self, name: str) -> int:
        """The place of a class, the lowest first. Raises `ValueError` for a word that is none."""
        return self.classes.index(name)

    def near(self, index: ModelIndex) -> tuple[str, ...]:
        """Every class that the value may belong to: an edge within the curve's deviation opens both."""
        newest = next(name for name, version in self.versions.items() if version.to_newest is None)
        value = self.on_newest(index)
        if value is None:
            return ()
        ends = (value - self.deviation, value + self.deviation)
        low, high = (self.of_index(ModelIndex(self.index, newest, end, index.as_of)) for end in ends)
        return self.classes[self.rank(low) : self.rank(high) + 1]


def class_of(model: AnyModel, classes: Classes, effort: str = "") -> str:
    """The class of a model at an effort; without one, at that of its index. Empty where nobody knows."""
    index = index_at(model, effort)
    return (classes.of_index(index) if index else "") or model.size_class


def index_at(model: AnyModel, effort: str = "") -> ModelIndex | None:
    """The index of a model at an effort; that of its entry where the effort was not measured apart."""
    if model.index is None or not isinstance(model, ApiModel) or effort not in model.efforts:
        return model.index
    return ModelIndex(model.index.name, model.index.version, model.efforts[effort], model.index.as_of, effort)
