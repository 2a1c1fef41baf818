"""What people write in YAML, as data: no key too many, and nothing changed once it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from msgspec import Meta, Struct
from msgspec.structs import fields

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core.core_schema import CoreSchema


class Strict(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of all such data. msgspec builds it; only where that fails does pydantic look for every finding."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The same fields as a schema of pydantic, by their names in the file, and the same checks of the whole."""
        from pydantic_core import core_schema

        names = {field.encode_name: field.name for field in fields(cls)}
        keys = {
            field.encode_name: core_schema.typed_dict_field(
                handler.generate_schema(_bounded(field.type)), required=field.required
            )
            for field in fields(cls)
        }
        return core_schema.no_info_after_validator_function(
            lambda found: cls(**{names[key]: value for key, value in found.items()}),
            core_schema.typed_dict_schema(keys, extra_behavior="forbid"),
        )


def _bounded(kind: Any) -> Any:
    """A type with what bounds it (`Meta`) as pydantic says it."""
    if get_origin(kind) is not Annotated:
        return kind
    from pydantic import Field

    plain, *bounds = get_args(kind)
    for bound in bounds:
        if isinstance(bound, Meta):
            said = {name: getattr(bound, name) for name in ("pattern", "gt", "min_length", "max_length")}
            plain = Annotated[plain, Field(**{name: value for name, value in said.items() if value is not None})]
    return plain
