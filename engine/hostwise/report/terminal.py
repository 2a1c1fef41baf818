"""The decision and its audit in the terminal: read at a glance, plain and stable when piped."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hostwise.reading.diagnostics_format import printable
from hostwise.rulebook.wording import shown_money

if TYPE_CHECKING:
    from rich.console import Console
    from rich.tree import Tree

Record = Mapping[str, Any]

MARKS = {"true": "✓", "false": "✗", "unknown": "?"}
STYLES = {"true": "green", "false": "red", "unknown": "yellow"}
BAR = 28
SHOWN_CONDITIONS = 6
SHOWN_REVISIT = 4


def decision_text(record: Record, *, width: int = 100, colour: bool = False) -> str:
    """The first page of the decision: verdict, reasons, money, conditions, when to look again."""
    console, out = _console(width, colour)
    verdict = record["verdict"]
    _head(console, record)
    console.print()
    _numbered(console, "Because", [reason["text"] for reason in verdict["reasons"]])
    if verdict["needs"]:
        _needs(console, verdict["needs"])
    _money(console, record)
    _robust(console, record)
    conditions = [_owned(item) for item in verdict["conditions"]]
    _listed(console, "Before go-live", conditions, SHOWN_CONDITIONS)
    _listed(console, "Look again", [item["text"] for item in verdict["revisit"]], SHOWN_REVISIT)
    _listed(console, "Who would decide otherwise", [item["text"] for item in verdict["dissent"]], SHOWN_REVISIT)
    console.print(f"\nas of {record['as_of']}, rulebook {record['rulebook']['version']}, record {record['id'][:16]}", style="dim")
    return _plain(out)


def explain_text(record: Record, rule_id: str | None = None, *, width: int = 100, colour: bool = False) -> str:
    """What fired, what did not and which condition stopped it; each fact with where it came from."""
    console, out = _console(width, colour)
    facts = {fact["name"]: fact for fact in record["facts"]}
    if rule_id is not None:
        rule = next(rule for rule in record["rules"] if rule["id"] == rule_id)
        _one_rule(console, rule, facts)
        return _plain(out)
    from rich.tree import Tree

    _head(console, record)
    for stage in ("derive", "gate", "choose", "advise"):
        rules = [rule for rule in record["rules"] if rule["stage"] == stage]
        counts = ", ".join(f"{sum(r['truth'] == truth for r in rules)} {word}" for truth, word in _COUNTED)
        tree = Tree(f"{stage}: {counts}", style="bold", guide_style="dim")
        for rule in rules:
            _branch(tree, rule, facts)
        console.print()
        console.print(tree)
    _alternatives(console, record)
    return _plain(out)


def _plain(out: io.StringIO) -> str:
    """What was printed, without blanks at line ends."""
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


_COUNTED = (("true", "fired"), ("false", "did not"), ("unknown", "left unknown"))


def _console(width: int, colour: bool) -> tuple[Console, io.StringIO]:
    from rich.console import Console

    out = io.StringIO()
    console = Console(
        file=out, width=width, force_terminal=colour, color_system="truecolor" if colour else None, highlight=False, markup=False, emoji=False,
        legacy_windows=False, _environ={},
    )  # fmt: skip
    return console, out


def _head(console: Console, record: Record) -> None:
    verdict = record["verdict"]
    name = next((fact["value"] for fact in record["facts"] if fact["name"] == "workload_name"), "")
    title = verdict["label"] or {"undecided": "Undecided", "infeasible": "Infeasible"}[verdict["status"]]
    console.print(printable(str(name)), style="dim")
    console.print(title.upper(), style="bold")
    console.print(printable(verdict["sentence"]))


def _numbered(console: Console, title: str, texts: Sequence[str]) -> None:
    console.print(title, style="bold")
    for number, text in enumerate(texts, 1):
        _hang(console, f"{number}. ", text)


def _listed(console: Console, title: str, texts: Sequence[str], most: int) -> None:
    if not texts:
        return
    console.print(f"\n{title}", style="bold")
    for text in texts[:most]:
        _hang(console, "- ", text)
    if len(texts) > most:
        console.print(f"  … and {len(texts) - most} more in the report")


def _hang(console: Console, mark: str, text: str) -> None:
    from rich.padding import Padding

    lines = console.render_lines(printable(text), console.options.update_width(console.width - 2 - len(mark)), pad=False)
    plain = ["".join(segment.text for segment in line).rstrip() for line in lines]
    for number, line in enumerate(plain):
        lead = mark if number == 0 else " " * len(mark)
        console.print(Padding(lead + line, (0, 0, 0, 2)))


def _needs(console: Console, needs: Sequence[Mapping[str, Any]]) -> None:
    console.print("\nFind out first", style="bold")
    for need in needs:
        _hang(console, "? ", f"{need['key']}: {need['question']}")
        _hang(console, "  ", f"Why: {need['why']}")
        _hang(console, "  ", f"It settles: {need['settles']}")


def _money(console: Console, record: Record) -> None:
    chosen = record["verdict"]["option"]
    priced = [ledger for ledger in record["ledgers"] if ledger["priced"]]
    shown = [ledger for ledger in priced if ledger["feasible"]] or priced
    top = max((Decimal(ledger["total"]["likely"]) for ledger in shown), default=Decimal(0))
    currency = record["ledgers"][0]["currency"]
    console.print(f"\nMoney a month, {currency}: likely (low to high)", style="bold")
    width = max((len(ledger["label"]) for ledger in record["ledgers"]), default=0)
    for ledger in sorted(record["ledgers"], key=_rank):
        mark = ">" if ledger["option"] == chosen else " "
        console.print(f" {mark} {ledger['label']:<{width}}  {_price(ledger, top, currency)}", no_wrap=True, overflow="ellipsis")


def _rank(ledger: Mapping[str, Any]) -> tuple[bool, bool, Decimal]:
    amount = Decimal(ledger["total"]["likely"]) if ledger["priced"] else Decimal(0)
    return not ledger["feasible"], not ledger["priced"], amount


def _price(ledger: Mapping[str, Any], top: Decimal, currency: str) -> str:
    if not ledger["feasible"]:
        return f"ruled out ({ledger['excluded_by'][0]})"
    if not ledger["priced"]:
        return f"not priced: {ledger['why_not']}"
    low, likely, high = (Decimal(ledger["total"][end]) for end in ("low", "likely", "high"))
    bar = "█" * max(1, int(likely / top * BAR)) if top else ""
    band = f"({shown_money(low, currency)} to {shown_money(high, currency)})"
    return f"{shown_money(likely, currency):>10}  {bar:<{BAR}}  {band}"


def _robust(console: Console, record: Record) -> None:
    notes = list(_robust_notes(record))
    _listed(console, "How sure", notes, SHOWN_CONDITIONS)


def _robust_notes(record: Record) -> Iterator[str]:
    labels = {ledger["option"]: ledger["label"] for ledger in record["ledgers"]}
    labels |= {"undecided": "undecided", "infeasible": "infeasible"}
    facts = {fact["name"]: fact for fact in record["facts"]}
    robustness = record["robustness"]
    if robustness["cost_overlap"]:
        names = ", ".join(labels[option] for option in robustness["cost_overlap"])
        yield f"The cost band overlaps that of: {names}."
    chosen = record["verdict"]["option"] or record["verdict"]["status"]
    for near in robustness["near_thresholds"]:
        if near["verdict_other_side"] != chosen:
            label = facts[near["fact"]]["label"]
            share = abs(Decimal(near["distance"])) * 100
            yield f"{label} is within {share:.0f}% of a threshold; beyond it the verdict is: {labels[near['verdict_other_side']]}."
    for ranged in robustness["one_at_a_time"]:
        ends = {ranged["low"]["verdict"], ranged["high"]["verdict"]}
        if ends != {chosen}:
            label = facts[ranged["fact"]]["label"]
            yield (
                f"{label} was given as a range: {labels[ranged['low']['verdict']]} at its low end, "
                f"{labels[ranged['high']['verdict']]} at its high end."
            )


def _owned(item: Mapping[str, Any]) -> str:
    return f"{item['text']} [{item['owner']}]" if item["owner"] else str(item["text"])


def _branch(tree: Tree, rule: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    truth = rule["truth"]
    branch = tree.add(f"{MARKS[truth]} {rule['id']}: {printable(rule['title'])}", style=STYLES[truth], highlight=False)
    if truth == "true":
        branch.add(printable(rule["because"]), style="default")
        for name in rule["reads"]:
            if name in facts:
                branch.add(_fact(facts[name]), style="dim")
    else:
        for leaf in _stopping(rule["condition"]):
            branch.add(f"{'waits for' if truth == 'unknown' else 'stopped by'}: {_leaf(leaf)}", style="default")
    if rule["blocked_by"]:
        branch.add(f"nothing left to choose: {', '.join(rule['blocked_by'])}", style="default")


def _stopping(node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The leaves that keep a condition from holding."""
    if node["truth"] == "true":
        return []
    if not node["children"] or node["op"] == "not":
        return [node]
    parts = [_stopping(child) for child in node["children"]]
    if node["truth"] == "false" and node["op"] == "all":
        parts = [p for p, child in zip(parts, node["children"], strict=True) if child["truth"] == "false"]
    return [leaf for part in parts for leaf in part]


def _leaf(node: Mapping[str, Any]) -> str:
    seen = f" (it is {node['seen']})" if node["seen"] is not None else ""
    return printable(f"{node['english']}{seen}")


def _fact(fact: Mapping[str, Any]) -> str:
    return printable(f"{fact['name']} = {fact['shown']}, {_origin(fact)}")


def _origin(fact: Mapping[str, Any]) -> str:
    if fact["origin"] == "given" and fact["line"]:
        return f"given in {fact['file']}, line {fact['line']}"
    if fact["origin"] == "assumed":
        return f"assumed ({fact['source']})"
    return f"derived: {fact['formula'] or fact['source']}" if fact["origin"] == "derived" else "not answered"


def _one_rule(console: Console, rule: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    from rich.tree import Tree

    tree = Tree(f"{MARKS[rule['truth']]} {rule['id']}: {printable(rule['title'])}", style="bold", guide_style="dim")
    tree.add(f"truth: {rule['truth']}", style=STYLES[rule["truth"]])
    tree.add(f"pack: {rule['pack']}, stage: {rule['stage']}, status: {rule['status']}", style="default")
    tree.add(f"when: {printable(rule['english'])}", style="default")
    tree.add(f"because: {printable(rule['because'])}", style="default")
    condition = tree.add("condition", style="default")
    _condition(condition, rule["condition"])
    read = tree.add("facts", style="default")
    for name in rule["reads"]:
        if name in facts:
            _fact_tree(read, facts[name], facts, 2)
    cites = tree.add("sources", style="default")
    for cite in rule["cites"]:
        cites.add(printable(f"{cite['id']}: {cite['text']}"), style="default")
    console.print(tree)


def _condition(tree: Tree, node: Mapping[str, Any]) -> None:
    branch = tree.add(f"{MARKS[node['truth']]} {_leaf(node) if node['op'] == 'test' else node['op']}", style=STYLES[node["truth"]])
    for child in node["children"]:
        _condition(branch, child)


def _fact_tree(tree: Tree, fact: Mapping[str, Any], facts: Mapping[str, Any], depth: int) -> None:
    branch = tree.add(_fact(fact), style="default")
    for name in fact["inputs"]:
        if depth and name in facts and name != fact["name"]:
            _fact_tree(branch, facts[name], facts, depth - 1)


def _alternatives(console: Console, record: Record) -> None:
    console.print("\noptions", style="bold")
    for item in record["verdict"]["alternatives"]:
        _hang(console, "- ", f"{item['label']}: {item['status']}. {item['why']}")
