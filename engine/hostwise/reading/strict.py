"""What people write in YAML, as a model: no key too many, and nothing changed once it is read."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """The base of every such model. A validator is built where one is asked for: a part's own never is."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)
