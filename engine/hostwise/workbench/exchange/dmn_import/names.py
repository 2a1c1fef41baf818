"""Names of a DMN model as ids of a pack, and by which names the outputs of a decision are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from hostwise.workbench.exchange.dmn_import.table import DmnTable
from hostwise.workbench.exchange.dmn_import.xml_nodes import XmlNode

Find = Callable[[XmlNode, str, str, str | None, str | None], None]
"""Takes a finding: where, code, message, what is accepted, what was found."""


def slug(name: str) -> str:
    """A FEEL name as an id: `Applicant Age` → `applicant_age`, `Größe` → `grosse`."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def id_of(pack: str, name: str) -> str:
    """The id of a name under its pack; a path keeps its dots."""
    return ".".join([pack, *(slug(part) for part in name.split("."))])


class DmnNames:
    """Which name has which id. Two names that become one id are a finding."""

    def __init__(self, pack: str, find: Find) -> None:
        self.pack, self.find = pack, find
        self.taken: dict[str, str] = {}

    def claim(self, name: str, node: XmlNode, *, again: bool = False) -> str:
        """The id of a name, which no other name may have; `again` where the same name may come more than once."""
        identity = id_of(self.pack, name)
        if not all(identity.split(".")):
            self.find(node, "name", f"no id can be made from the name {name!r}", "letters a to z, digits", None)
        if identity in self.taken and not (again and self.taken[identity] == name):
            message = f"{self.taken[identity]!r} and {name!r} both become the id {identity}"
            self.find(node, "collision", message, "names that differ in letters or digits", None)
        self.taken.setdefault(identity, name)
        return identity


def called(text: str, table: DmnTable, tables: Sequence[DmnTable]) -> str | None:
    """The fact of a decision that the table requires, called by variable, by id, or by the output's name (Camunda)."""
    requirements = (need.first("requiredDecision") for need in table.node.all("informationRequirement"))
    needed = {need.attributes.get("href", "").removeprefix("#") for need in requirements if need is not None}
    required = (other for other in tables if other.node.attributes.get("id") in needed)
    found = {fact for other in required for fact, names in _calls(other) if text in names}
    return found.pop() if len(found) == 1 else None


def _calls(table: DmnTable) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    if table.policy == "each":
        return
    variable = table.node.first("variable")
    for fact, output in zip(table.facts, table.outputs, strict=True):
        whole = (variable.attributes.get("name") if variable else None, table.node.attributes.get("id"))
        yield fact, (output.attributes.get("name"), *(whole if len(table.outputs) == 1 else ()))
