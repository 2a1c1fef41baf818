"""What templates see: a record as frozen, typed views, ready to print.

Every text is printable, every amount has its currency, every label is in words. Templates only place
them, and a template that asks for what is not here fails at once (`StrictUndefined`).
"""

from __future__ import annotations

from decimal import Decimal

from msgspec import Struct

from hostwise.report.clean import first_sentence
from hostwise.report.figures import compact, money, money_range
from hostwise.report.language import ENGLISH, Language
from hostwise.report.model_robustness import Robustness


class Amount(Struct, frozen=True):
    """Money with its band; all three are equal where it is exact."""

    low: Decimal
    likely: Decimal
    high: Decimal
    currency: str
    language: Language = ENGLISH

    @property
    def text(self) -> str:
        """The likely amount, rounded for show."""
        return money(self.likely, self.currency, self.language)

    @property
    def range(self) -> str:
        """The band from low to high."""
        return money_range(self.low, self.high, self.currency, self.language)

    @property
    def exact(self) -> bool:
        """Whether the band shows as one amount."""
        return money(self.low, self.currency, self.language) == money(self.high, self.currency, self.language)


class Cite(Struct, frozen=True):
    """A claim of a source document, paraphrased."""

    id: str
    text: str
    document: str


class Reason(Struct, frozen=True):
    """Why the verdict is what it is, with the claims it rests on."""

    rule: str
    text: str
    cites: tuple[Cite, ...]


class Advice(Struct, frozen=True):
    """A condition, risk, next step, revisit trigger or note."""

    rule: str
    text: str
    because: str
    owner: str
    due: str
    cites: tuple[Cite, ...]


class Step(Struct, frozen=True):
    """One step of the plan: a condition that must hold, or something to do."""

    topic: str
    condition: bool
    advice: Advice


class Horizon(Struct, frozen=True):
    """What belongs to one time, its topics in order."""

    title: str
    steps: tuple[Step, ...]


class Needs(Struct, frozen=True):
    """What one option would need, a cell an aspect, in the order of `Report.aspects`."""

    option: Option
    cells: tuple[tuple[Advice, ...], ...]
    people: Amount | None


class Need(Struct, frozen=True):
    """An answer that is still missing, who can give it, and what it would settle."""

    key: str
    label: str
    question: str
    why: str
    settles: str
    ask_of: str


class Answer(Struct, frozen=True):
    """An answer as it was given, and who gave it or can change it."""

    key: str
    label: str
    shown: str
    ask_of: str


class Constraint(Struct, frozen=True):
    """A gate in a report that no option passed."""

    id: str
    title: str
    because: str


class WayOut(Struct, frozen=True):
    """Constraints that would have to give way, the answers that they rest on, and what would then be chosen."""

    lift: tuple[Constraint, ...]
    answers: tuple[Answer, ...]
    label: str
    sentence: str
    monthly: str


class Dissent(Struct, frozen=True):
    """A source document that would decide otherwise."""

    who: str
    vote: str
    text: str


class Verdict(Struct, frozen=True):
    """The answer. `status` is decided, undecided or infeasible."""

    status: str
    heading: str
    sentence: str
    rule: str
    reasons: tuple[Reason, ...]
    dissent: tuple[Dissent, ...]
    conditions: tuple[Advice, ...]
    risks: tuple[Advice, ...]
    next_steps: tuple[Advice, ...]
    revisit: tuple[Advice, ...]
    notes: tuple[Advice, ...]
    plan: tuple[Horizon, ...]
    needs: tuple[Need, ...]
    conflicts: tuple[tuple[Constraint, ...], ...]
    ways_out: tuple[WayOut, ...]
    possible: tuple[str, ...]
    confidence: tuple[str, ...]


class Share(Struct, frozen=True):
    """One cost element of an option: all its line items of one group."""

    group: str
    label: str
    amount: Amount


class Input(Struct, frozen=True):
    """A number that a formula read, and where it came from."""

    name: str
    value: str
    unit: str
    origin: str
    source: str


class Item(Struct, frozen=True):
    """A line of a ledger."""

    label: str
    group: str
    amount: Amount
    formula: str
    inputs: tuple[Input, ...]
    source: str
    note: str


class Outlook(Struct, frozen=True):
    """An option over months, against today's: `payback` is a month, or empty when there is none."""

    months: int
    against: str
    total: str
    saving: str
    net_present_value: str
    payback: str


class Variant(Struct, frozen=True):
    """Another way to pay for the same GPUs; `usable` says whether it would serve this workload."""

    name: str
    monthly: Amount
    usable: bool
    note: str


class Hurdle(Struct, frozen=True):
    """A gate that excludes an option, or a rule that would have chosen it, with the tests that settled it."""

    rule: str
    title: str
    effect: str
    tests: tuple[str, ...]


class Option(Struct, frozen=True):
    """One way to host: what it costs, and why it was or was not chosen."""

    id: str
    label: str
    variant: str
    status: str
    status_label: str
    chosen: bool
    feasible: bool
    why: str
    rules: tuple[str, ...]
    monthly: Amount | None
    per_million: Amount | None
    gap: str
    shares: tuple[Share, ...]
    capacity: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]
    outlooks: tuple[Outlook, ...]
    variants: tuple[Variant, ...]
    hurdles: tuple[Hurdle, ...]

    @property
    def why_briefly(self) -> str:
        """Why it was or was not chosen, in one sentence."""
        return first_sentence(self.why)


class Point(Struct, frozen=True):
    """The cost of an option a month at one volume of tokens a month."""

    tokens: Decimal
    low: Decimal
    likely: Decimal
    high: Decimal


class Curve(Struct, frozen=True):
    """An option's cost over the volume, in steps where it has steps; points in order of volume."""

    id: str
    label: str
    chosen: bool
    feasible: bool
    points: tuple[Point, ...]

    def at(self, tokens: Decimal) -> Point:
        """The cost at a volume within the curve: between two points a straight line, at a step its lower side."""
        before, after = self.points[0], self.points[-1]
        for point in self.points:
            if point.tokens >= tokens:
                after = point
                break
            before = point
        span = after.tokens - before.tokens
        share = (tokens - before.tokens) / span if span else Decimal(0)
        low, likely, high = (
            one + (other - one) * share
            for one, other in ((before.low, after.low), (before.likely, after.likely), (before.high, after.high))
        )
        return Point(tokens, low, likely, high)


class Line(Struct, frozen=True):
    """Where the line between own hosting and an API lies: what is drawn, and what is marked on it.

    `volumes` are those of the table behind the drawing, today's among them.
    """

    curves: tuple[Curve, ...]
    crossings: tuple[Crossing, ...]
    today: Decimal
    currency: str
    volumes: tuple[Decimal, ...]
    language: Language = ENGLISH

    @property
    def rows(self) -> tuple[Row, ...]:
        """The table behind the drawing: what each option costs at each volume."""
        return tuple(
            Row(compact(v, self.language), v == self.today, tuple(self._amount(curve.at(v)) for curve in self.curves))
            for v in self.volumes
        )

    def _amount(self, point: Point) -> Amount:
        return Amount(point.low, point.likely, point.high, self.currency, self.language)


class Row(Struct, frozen=True):
    """What the options cost at one volume, in the order of the curves."""

    volume: str
    today: bool
    amounts: tuple[Amount, ...]


class Crossing(Struct, frozen=True):
    """Where own hosting starts to cost less than one API: volumes, the same in words, and sentences.

    Words are empty, and volumes None, where there is no such volume. `feasible` where no gate excludes either.
    """

    option_id: str
    against_id: str
    feasible: bool
    first_at: Decimal | None
    naive_at: Decimal | None
    option: str
    against: str
    volume: str
    lasting: str
    naive: str
    sentences: tuple[str, ...]


class Recomputed(Struct, frozen=True):
    """A figure of a document, and what the document's own inputs give instead."""

    id: str
    claims: tuple[str, ...]
    stated: str
    finding: str
    correct: str


class Side(Struct, frozen=True):
    """The documents that would decide the same. `agrees` is None when they take no side."""

    label: str
    who: tuple[str, ...]
    agrees: bool | None


class Vote(Struct, frozen=True):
    """What one source document would decide by its own rules. `agrees` is None when it takes no side."""

    who: str
    title: str
    label: str
    because: str
    caution: str
    flags: tuple[str, ...]
    rule: str
    agrees: bool | None
    arithmetic: tuple[Recomputed, ...]


class Condition(Struct, frozen=True):
    """A condition as it was evaluated: its truth, and the value that each test saw."""

    op: str
    truth: str
    english: str
    seen: str
    children: tuple[Condition, ...]


class Rule(Struct, frozen=True):
    """A rule with its truth value. `stoppers` are the conditions that kept it from firing."""

    id: str
    anchor: str
    title: str
    pack: str
    stage: str
    truth: str
    status: str
    english: str
    because: str
    effect: str
    cites: tuple[Cite, ...]
    unknown: tuple[str, ...]
    blocked_by: tuple[str, ...]
    condition: Condition
    stoppers: tuple[Condition, ...]


class Stage(Struct, frozen=True):
    """The rules of one stage, by truth value, in written order."""

    id: str
    title: str
    fired: tuple[Rule, ...]
    silent: tuple[Rule, ...]
    unknown: tuple[Rule, ...]


class Fact(Struct, frozen=True):
    """A value that rules could read, with where it came from."""

    name: str
    label: str
    shown: str
    origin: str
    place: str
    source: str
    formula: str
    inputs: tuple[str, ...]
    known: bool
    by_rule: bool


class Question(Struct, frozen=True):
    """A question of the questionnaire that was left open."""

    key: str
    label: str
    help: str
    state: str


class Pack(Struct, frozen=True):
    """A file of rules or figures that the decision rests on."""

    id: str
    title: str
    version: str
    as_of: str
    review_by: str
    rules: str
    sha256: str


class Near(Struct, frozen=True):
    """A value close to a threshold, and the verdict on the other side."""

    label: str
    value: str
    threshold: str
    rule: str
    other: str
    changes: bool


class Report(Struct, frozen=True):
    """A whole record, ready to print."""

    id: str
    workload: str
    short_title: str
    summary: str
    owner: str
    task: str
    stage_of_work: str
    as_of: str
    as_of_iso: str
    currency: str
    questionnaire: str
    questionnaire_sha256: str
    version: str
    engines: str
    engines_note: str
    rulebook: str
    rulebook_sha256: str
    catalogue_sha256: str
    packages: tuple[tuple[str, str], ...]
    volume: str
    verdict: Verdict
    options: tuple[Option, ...]
    aspects: tuple[str, ...]
    needs: tuple[Needs, ...]
    crossings: tuple[Crossing, ...]
    line: Line | None
    votes: tuple[Vote, ...]
    stages: tuple[Stage, ...]
    given: tuple[Fact, ...]
    assumed: tuple[Fact, ...]
    derived: tuple[Fact, ...]
    concluded: tuple[Fact, ...]
    unknown: tuple[Fact, ...]
    open_questions: tuple[Question, ...]
    near: tuple[Near, ...]
    robustness: Robustness
    packs: tuple[Pack, ...]

    @property
    def priced(self) -> tuple[Option, ...]:
        """Options with a ledger, cheapest first among the feasible, then the excluded."""
        with_cost = [option for option in self.options if option.monthly]
        return tuple(sorted(with_cost, key=lambda o: (not o.feasible, o.monthly.likely if o.monthly else 0)))

    @property
    def sides(self) -> tuple[Side, ...]:
        """The documents by what they would decide, in their order."""
        groups: dict[tuple[str, bool | None], list[str]] = {}
        for vote in self.votes:
            groups.setdefault((vote.label, vote.agrees), []).append(vote.who)
        return tuple(Side(label, tuple(who), agrees) for (label, agrees), who in groups.items())

    @property
    def fired(self) -> int:
        """How many rules fired."""
        return sum(len(stage.fired) for stage in self.stages)

    @property
    def rule_count(self) -> int:
        """How many rules were evaluated."""
        return sum(len(s.fired) + len(s.silent) + len(s.unknown) for s in self.stages)
