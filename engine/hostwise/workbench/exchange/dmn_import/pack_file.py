"""A pack as the YAML file that an analyst goes on with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def pack_yaml(pack: Mapping[str, Any]) -> str:
    """The pack as a file."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Numbers digit by digit, and in quotes every text that YAML 1.2 could read as a number."""

    def number(dumper: Dumper, value: Decimal) -> yaml.ScalarNode:
        text = format(value, "f")
        return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)

    def text(dumper: Dumper, value: str) -> yaml.ScalarNode:
        style = "'" if re.match(r"[-+.\d]", value) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(Decimal, number)
    Dumper.add_representer(str, text)
    Dumper.ignore_aliases = lambda *_: True  # type: ignore[method-assign]
    written: str = yaml.dump(dict(pack), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=110)
    return written
