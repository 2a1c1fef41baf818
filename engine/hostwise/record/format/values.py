"""The kinds of values in a record. What annotates them is checked when a record is read, and stands in the schema."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from hostwise.reading.json_values import one_of

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
Count = Annotated[int, Meta(ge=0)]
TruthWord = Annotated[str, one_of("true", "false", "unknown")]
