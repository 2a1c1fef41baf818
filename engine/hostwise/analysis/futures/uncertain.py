"""What is uncertain in a situation: answers that are ranges, unknown or assumed, and figures that are bands.

What an answer could be stands in `questions.yaml` (`spread`); what a figure could be, in the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct, field
from msgspec.structs import replace

from hostwise.answers.facts import Fact, FactType, Origin
from hostwise.answers.questions.questions import Question, Questionnaire, Spread
from hostwise.economics.catalogue.answered.desk import at_desk, counts
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.gap_priors import GapPrior
from hostwise.economics.catalogue.ranges import NumberRange
from hostwise.economics.catalogue.sourced import given
from hostwise.economics.ledgers.api_life import LIFE
from hostwise.economics.numbers.taped_facts import says
from hostwise.economics.plans.rents import GPU_PRICE, GPU_RENT
from hostwise.reading.translatable import fill, prose

RANGE, UNKNOWN, DEFAULT, FIGURE = "range", "unknown", "default", "figure"
"""Why something is uncertain."""
PLAIN = Spread()
GAP, GAP_ENDS = "quality_gap", ("stated_gap_low", "stated_gap_high")
API_GAP = "figure.api_model_gap"
"""How much worse another proprietary model is: what its evaluation will show."""
TAIL = 0.05
"""A spread holds nine tenths between its ends."""


class Uncertain(Struct, frozen=True):
    """One thing that could be otherwise.

    `name` is a fact, or a figure as `economics.catalogue.varied` names it. A number lies between `low` and `high`;
    `words` are drawn by weight. `base` is what the decision itself takes it to be, None where that is not known.
    """

    name: str
    label: str
    why: str
    shape: str
    unit: str
    source: str
    base: Decimal | bool | str | None
    low: Decimal = Decimal(0)
    likely: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    words: Mapping[bool | str, Decimal] = field(default_factory=dict)
    follows: tuple[str, Decimal] | None = None
    question: Question | None = None
    prior: GapPrior | None = None
    """What a quality gap is drawn from; then `shape` is `log-odds`."""
    also: tuple[str, ...] = ()
    """Facts that take the same value: a gap that a future knows is both ends of its interval."""
    asks: Question | None = None
    """The question whose answer would replace a figure: an evaluation's, a load test's, a quotation's."""


def uncertainties(
    facts: Mapping[str, Fact], questionnaire: Questionnaire, catalogue: Catalogue, plans: Sequence[Mapping[str, str]],
    gap: GapPrior | None = None, api: GapPrior | None = None, derived: Mapping[str, Fact] | None = None,
) -> tuple[Uncertain, ...]:  # fmt: skip
    """Answers in the order of the questions, then figures in the catalogue's; `plans` are those that were priced,
    `gap` what the quality gap is drawn from, where no evaluation has settled it, `api` what that of another proprietary
    model is, and `derived` the facts that code made of the answers."""
    asked = [question for question in questionnaire.questions if matters(question, facts, questionnaire)]
    drawn = [question for question in asked if may_be_drawn(question, derived or {})]
    answers = [each for question in drawn for each in _answer(question, facts, questionnaire)]
    quality = [_gap(facts[GAP], questionnaire.by_fact[GAP], gap, catalogue)] if gap else []
    figures = [*_figures(facts, questionnaire, catalogue, plans), *([_api_gap(api, catalogue)] if api else [])]
    return (*quality, *answers, *figures, *_life(facts, catalogue))


def _api_gap(prior: GapPrior, catalogue: Catalogue) -> Uncertain:
    figure = catalogue.figures[API_GAP.partition(".")[2]]
    low, likely, high = _quantiles(prior)
    return Uncertain(
        API_GAP, figure.label, FIGURE, "log-odds", figure.unit, catalogue.gap_priors.source, figure.likely,
        low, likely, high, prior=prior,
    )  # fmt: skip


def _life(facts: Mapping[str, Fact], catalogue: Catalogue) -> Iterator[Uncertain]:
    """How long a proprietary model stays at its API: nine lives in ten end between the ends of the figure."""
    if not says(facts, "runs_once", True) and not at_desk(facts):
        entry = catalogue.figures[LIFE]
        (life,) = _span(f"figure.{LIFE}", entry.label, entry.unit, entry.cited, entry)
        yield replace(life, shape="lognormal")


def _quantiles(prior: GapPrior) -> tuple[Decimal, Decimal, Decimal]:
    low, likely, high = (Decimal(repr(round(prior.gap(share), 4))) for share in (TAIL, 0.5, 1 - TAIL))
    return low, likely, high


def _gap(fact: Fact, question: Question, prior: GapPrior, catalogue: Catalogue) -> Uncertain:
    low, likely, high = _quantiles(prior)
    why, source = UNKNOWN if fact.value is None else RANGE, catalogue.gap_priors.source
    return Uncertain(
        GAP, question.label, why, "log-odds", fact.unit, source, fact.value, low, likely, high,
        question=question, prior=prior, also=GAP_ENDS,
    )  # fmt: skip


def matters(question: Question, facts: Mapping[str, Fact], questionnaire: Questionnaire) -> bool:
    """Not where an earlier answer makes the question pointless."""
    for key, wanted in question.ask_when.items():
        name = questionnaire.by_key[key].fact
        if wanted in ("given", "not-given"):
            if _answered(name, facts) is not (wanted == "given"):
                return False
        elif name in facts and facts[name].known and facts[name].value not in wanted:
            return False
    return True


def may_be_drawn(question: Question, derived: Mapping[str, Fact]) -> bool:
    """Whether what its spread needs of the facts that code makes is so."""
    needed = question.spread.only_where if question.spread else ""
    return not needed or (needed in derived and derived[needed].value is True)


def _answer(question: Question, facts: Mapping[str, Fact], questionnaire: Questionnaire) -> Iterator[Uncertain]:
    fact, spread = facts.get(question.fact), question.spread or PLAIN
    if (
        fact is None
        or question.fact == GAP
        or not (question.numeric or question.type in (FactType.BOOLEAN, FactType.ENUM))
    ):
        return
    ranged = fact.low is not None and fact.high is not None and fact.low < fact.high
    if ranged and isinstance(fact.value, Decimal) and fact.low is not None and fact.high is not None:
        ends = fact.low, fact.value, fact.high
        yield _number(question, fact, RANGE, spread, ends, prose("the questionnaire"), questionnaire)
    elif not _is_drawn(question, spread, facts, questionnaire):
        return
    elif spread.low is not None and spread.likely is not None and spread.high is not None:
        why = DEFAULT if fact.known else UNKNOWN
        ends = spread.low, spread.likely, spread.high
        yield _number(question, fact, why, spread, ends, _said(spread), questionnaire)
    elif spread.weights or question.must_be_answered:
        yield _words(question, fact, spread)


def _is_drawn(question: Question, spread: Spread, facts: Mapping[str, Fact], questionnaire: Questionnaire) -> bool:
    """Whether it is not answered, and its spread holds beside what is."""
    against, wanted = ([*_facts_of(keys, questionnaire)] for keys in (spread.unless, spread.only_with))
    if any(_answered(name, facts) for name in (question.fact, *against)):
        return False
    return not wanted or any(_answered(name, facts) for name in wanted)


def _facts_of(keys: Sequence[str], questionnaire: Questionnaire) -> Iterator[str]:
    return (questionnaire.by_key[key].fact for key in keys)


def _answered(name: str, facts: Mapping[str, Fact]) -> bool:
    fact = facts.get(name)
    return fact is not None and fact.known and fact.provenance.origin is not Origin.ASSUMED


def _number(
    question: Question, fact: Fact, why: str, spread: Spread, ends: tuple[Decimal, Decimal, Decimal], source: str,
    questionnaire: Questionnaire,
) -> Uncertain:  # fmt: skip
    follows = next(((questionnaire.by_key[key].fact, close) for key, close in spread.follows.items()), None)
    shape = spread.shape if ends[0] > 0 else "triangular"
    return Uncertain(
        question.fact, question.label, why, shape, fact.unit, source, fact.value, *ends,
        follows=follows, question=question,
    )  # fmt: skip


def _words(question: Question, fact: Fact, spread: Spread) -> Uncertain:
    weights = {word: spread.weights.get(_spelt(word), Decimal(0 if spread.weights else 1)) for word in question.choices}
    kept = {word: weight for word, weight in weights.items() if weight > 0}
    source = _said(spread) if spread.weights else prose("a gate that is unknown: each answer as likely as the others")
    why = DEFAULT if fact.known else UNKNOWN
    return Uncertain(question.fact, question.label, why, "words", "", source, fact.value, words=kept, question=question)


def _spelt(word: bool | str) -> str:
    return word if isinstance(word, str) else str(word).lower()


def _said(spread: Spread) -> str:
    return (
        fill("{source}: {because}", source=spread.source, because=spread.because) if spread.because else spread.source
    )


def _figures(
    facts: Mapping[str, Fact], questionnaire: Questionnaire, catalogue: Catalogue, plans: Sequence[Mapping[str, str]]
) -> Iterator[Uncertain]:
    counted, work = catalogue.work.counted(facts), catalogue.work.every_figure
    in_volume = catalogue.work.figures(counted) if counted is not None else frozenset()
    for name, entry in catalogue.figures.items():
        replaced = entry.fact is not None and given(entry.fact, facts) is not None
        if (
            name != LIFE
            and not replaced
            and (name in in_volume or name not in work)
            and counts(name, catalogue.figures, facts)
        ):
            asks = questionnaire.by_fact.get(entry.fact or "")
            for each in _span(f"figure.{name}", entry.label, entry.unit, entry.cited, entry):
                yield replace(each, asks=asks)
    for name in (name for name in catalogue.gpus if any(_by_rent(plan, name, catalogue) for plan in plans)):
        gpu = catalogue.gpus[name]
        if given(GPU_RENT, facts) is None and gpu.rent is not None:
            label = fill("rent of a {gpu}", gpu=name)
            for each in _span(f"rent.{name}", label, "USD/GPU-hour", gpu.source, gpu.rent):
                yield replace(each, asks=questionnaire.by_fact.get(GPU_RENT))
        if given(GPU_PRICE, facts) is None and gpu.purchase is not None:
            bought = gpu.purchase.source or gpu.source
            for each in _span(f"purchase.{name}", fill("price of one {gpu}", gpu=name), "USD", bought, gpu.purchase):
                yield replace(each, asks=questionnaire.by_fact.get(GPU_PRICE))
    if given("stated_throughput", facts) is None and plans:
        ends = [tuple(Decimal(plan[f"throughput{end}"]) for end in ("_low", "", "_high")) for plan in plans]
        low, high = min(low / likely for low, likely, _ in ends), max(high / likely for _, likely, high in ends)
        span = NumberRange(low=round(low, 4), likely=Decimal(1), high=round(high, 4))
        source = catalogue.physics.source
        for each in _span("throughput", prose("throughput against its estimate"), "x", source, span):
            yield replace(each, asks=questionnaire.by_fact.get("stated_throughput"))


def _by_rent(plan: Mapping[str, str], gpu: str, catalogue: Catalogue) -> bool:
    """Whether a plan pays the rent of a GPU: one who runs the model for you asks a price of its own."""
    let = catalogue.gpus[gpu].let_by
    return plan["gpu"] == gpu and plan.get("seller", "") in ("", let.seller if let else "")


def _span(name: str, label: str, unit: str, source: str, span: NumberRange) -> Iterator[Uncertain]:
    if span.low < span.high:
        yield Uncertain(name, label, FIGURE, "triangular", unit, source, span.likely, span.low, span.likely, span.high)
