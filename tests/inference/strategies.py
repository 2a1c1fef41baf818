"""Random conditions over the facts of `rulebooks.SPECS`, and random facts at and beside their thresholds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

NUMBERS = {
    "tokens": ["0", "1", "49999999.999", "50M", "50000000.001", "1.5B", "100T"],
    "share": ["0%", "5%", "10%", "0.000000001", "100%"],
    "price": ["$0", "$0.15", "0.000001", "$2.50", "$10000"],
    "people": ["0", "1", "2", "99"],
}
VALUES: dict[str, list[Any]] = {
    "tokens": [Decimal(v) for v in ("0", "1", "49999999.999", "50000000", "50000000.001", "1500000000", "1E+14")],
    "other_tokens": [Decimal(v) for v in ("0", "50000000", "1500000000")],
    "share": [Decimal(v) for v in ("0", "0.05", "0.1", "1E-9", "1")],
    "price": [Decimal(v) for v in ("0", "0.15", "0.000001", "2.50", "10000")],
    "people": [Decimal(v) for v in (0, 1, 2, 99)],
    "closed": [True, False],
    "shape": ["steady", "bursty", "unpredictable"],
}


@st.composite
def unary(draw: st.DrawFn, fact: str) -> Any:
    special = draw(st.sampled_from(["", "", "", "", "-", "unknown"]))
    if special:
        return special
    if fact == "closed":
        return draw(st.booleans())
    if fact == "shape":
        words = draw(st.lists(st.sampled_from(VALUES["shape"]), min_size=1, max_size=3, unique=True))
        return draw(st.sampled_from([words, words[0], f"not({', '.join(words)})"]))
    numbers = NUMBERS[fact]
    low, high = sorted(draw(st.tuples(*[st.integers(0, len(numbers) - 1)] * 2)), key=lambda i: VALUES[fact][i])
    comparison = draw(st.sampled_from(["<", "<=", ">", ">=", "="])) + " " + draw(st.sampled_from(numbers))
    interval = f"{draw(st.sampled_from('[('))}{numbers[low]}..{numbers[high]}{draw(st.sampled_from('])'))}"
    reference = "<= other_tokens" if fact == "tokens" else comparison
    return draw(st.sampled_from([comparison, interval, f"not({comparison})", reference, [comparison, interval]]))


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    kind = draw(st.sampled_from(["test", "test", "all", "any", "not"])) if depth else "test"
    if kind == "test":
        fact = draw(st.sampled_from([*NUMBERS, "closed", "shape"]))
        return {fact: draw(unary(fact))}
    if kind == "not":
        return {"not": draw(conditions(depth - 1))}
    return {kind: draw(st.lists(conditions(depth - 1), min_size=1, max_size=3))}


some_facts = st.fixed_dictionaries({name: st.sampled_from([*values, None]) for name, values in VALUES.items()})
