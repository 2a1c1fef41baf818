"""Demand from the answers: tokens a month, their mix, the peak, and what may wait.

A month is 30 days. Whatever is not given is taken from `catalogue/demand.yaml` and marked as assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from hostwise.answers.facts import Fact
from hostwise.economics.capacity.work_volume import CountedWork, NotCounted, counted_work
from hostwise.economics.catalogue.catalogue import Catalogue
from hostwise.economics.catalogue.sourced import Sourced, chosen, figure, from_fact, given
from hostwise.economics.numbers.bands import NOTHING, Band, either, larger
from hostwise.economics.numbers.numbers import at_least, least, most
from hostwise.economics.numbers.taped_facts import says
from hostwise.reading.numbers.months import DAYS
from hostwise.reading.translatable import prose

ONE, WEEK = Decimal(1), Decimal(7 * 24)
NO_OUTPUT = prose("an embedding has no output tokens")
A_MONTH = {"input": prose("input tokens a day × 30"), "output": prose("output tokens a day × 30")}
OF_ONE = {"input": prose("input tokens ÷ input share"), "output": prose("output tokens ÷ (1 − input share)")}


class Demand(Struct, frozen=True):
    """What has to be served. `tokens` and its parts are tokens a month."""

    tokens: Sourced
    input_tokens: Sourced
    output_tokens: Sourced
    input_share: Sourced
    peak_to_mean: Sourced
    batch: Band
    cached: Sourced
    triage_share: Decimal
    constrained_share: Decimal
    input_lengths: Band
    output_length: Decimal
    lengths_at_ends: tuple[tuple[Decimal, Decimal], ...]
    """Input and output tokens of a request at the ends of their ranges; nothing where neither is a range."""
    growth: Decimal
    open_share: Decimal
    """The share of a week in which anybody asks."""
    reasoning: Decimal | None = None
    """Reasoning tokens for each token of an answer in the output as it was measured: what the model in use adds to it.

    None where that is not known, or does not change with the model: then every model writes as much.
    """
    region: str = ""
    """Where the data must stay in a region, the currency that tells which; else empty."""

    @property
    def batch_share(self) -> Decimal:
        """The likely share that may wait."""
        return self.batch.likely

    @property
    def cached_share(self) -> Decimal:
        """The likely share of input that is cached."""
        return self.cached.band.likely

    @property
    def input_length(self) -> Decimal:
        """The likely input tokens of a request."""
        return self.input_lengths.likely

    def scaled(self, factor: Decimal) -> Demand:
        """The same demand with `factor` of its volume."""
        share = Band.exactly(factor)
        parts = (self.tokens, self.input_tokens, self.output_tokens)
        tokens, inputs, outputs = (replace(part, band=part.band * share) for part in parts)
        return replace(self, tokens=tokens, input_tokens=inputs, output_tokens=outputs)

    def at(self, tokens: Decimal) -> Demand:
        """The same mix at another monthly volume."""
        return self.scaled(tokens / self.tokens.band.likely)


class Unmeasured(Struct, frozen=True):
    """The volume is not known; `needs` are the facts that would give it."""

    needs: tuple[str, ...]


VOLUME_FACTS = ("stated_tokens_per_day", "stated_tokens_per_month")
PARTS = tuple(f"stated_{kind}_tokens_per_{time}" for kind in ("input", "output") for time in ("day", "month"))
LENGTHS = ("stated_input_tokens_per_request", "stated_output_tokens_per_request")


def read_demand(
    facts: Mapping[str, Fact], catalogue: Catalogue, otherwise: Sourced | None = None
) -> Demand | Unmeasured:
    """The demand, by the first route whose answers are there: total, parts, requests, then `otherwise`: tokens a month.

    What people count says the mix and the lengths, where no answer does; see `worked_demand` for its volume.
    """
    embeds = catalogue.work.embedding(facts)
    parts, total = _parts(facts, embeds=embeds), _total(facts, embeds=embeds)
    if total is None and parts is None:
        total = _of_one_side(facts, embeds=embeds)
    if total is None and parts is None and not any(given(name, facts) for name in PARTS):
        total = otherwise
    if total is None and parts is None:
        return Unmeasured(missing_volume(facts, embeds=embeds))
    work = counted_work(facts, catalogue)
    counted = work if isinstance(work, CountedWork) else None
    share = figure("input_share", catalogue, facts)
    if embeds:
        share = Sourced(Band.exactly(1), "derived", NO_OUTPUT, ("task",))
    elif share.origin == "assumed":
        stated = _share_of_side(facts, total) or _share_of_lengths(facts)
        share = stated or (share if counted is None else counted.share)
    if parts is not None:
        inputs, outputs = parts
        both = inputs.band + outputs.band
        if both.likely > 0:
            ratio = Band.exactly(inputs.band.likely / both.likely)
            share = Sourced(ratio, "derived", prose("input ÷ total"), inputs.inputs + outputs.inputs)
            if total is not None:  # of a month of 31 days, where its parts are those of a day
                times = Band.exactly(total.band.likely / both.likely)
                inputs, outputs = (replace(part, band=part.band * times) for part in (inputs, outputs))
        total = total or Sourced(both, "given", prose("input plus output"), inputs.inputs + outputs.inputs)
    else:
        assert total is not None
        complement = Band.exactly(1) - share.band
        inputs = Sourced(
            total.band * share.band, "derived", prose("total × input share"), (*total.inputs, "input_share")
        )
        outputs = Sourced(
            total.band * complement, "derived", prose("total × (1 − input share)"), (*total.inputs, "input_share")
        )
    if total.band.likely <= 0:
        return Unmeasured(VOLUME_FACTS)
    length = figure("input_tokens_per_request", catalogue, facts)
    if counted is not None and counted.request is not None and length.origin == "assumed":
        length = counted.request
    lengths = larger(length.band, Band.exactly(1))
    hours = facts["hours_per_week"].value
    open_share = least(hours / WEEK, ONE) if isinstance(hours, Decimal) else ONE
    stated_out = facts["stated_output_tokens_per_request"].value
    ratio_out = (1 - share.band.likely) / share.band.likely if share.band.likely else Decimal(1)
    output_length = stated_out if isinstance(stated_out, Decimal) else most(lengths.likely * ratio_out, ONE)
    return Demand(
        tokens=total,
        input_tokens=inputs,
        output_tokens=outputs,
        input_share=share,
        peak_to_mean=_peak(facts, catalogue, open_share),
        batch=either(says(facts, "traffic_mix", "batch"), Band.exactly(1), _band(facts, "batch_share")),
        cached=_cached(facts, counted),
        triage_share=_share(facts, "triage_share"),
        constrained_share=_share(facts, "constrained_share"),
        input_lengths=lengths,
        output_length=most(output_length, ONE),
        lengths_at_ends=tuple(_lengths_at_ends(lengths, given("stated_output_tokens_per_request", facts), ratio_out)),
        growth=_share(facts, "growth_per_month"),
        open_share=open_share,
    )


def _lengths_at_ends(inputs: Band, outputs: Sourced | None, ratio: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
    """Each end of one with each of the other; an output that is not given goes with its input."""
    if inputs.exact and (outputs is None or outputs.band.exact):
        return
    for length in _ends(inputs):
        answers = _ends(outputs.band) if outputs is not None else (length * ratio,)
        yield from ((length, most(answer, ONE)) for answer in answers)


def _ends(band: Band) -> tuple[Decimal, ...]:
    return (band.likely,) if band.exact else (band.low, band.high)


def missing_volume(facts: Mapping[str, Fact], *, embeds: bool) -> tuple[str, ...]:
    """The facts that would give the volume: where requests are counted, the tokens of one."""
    if given("stated_requests_per_day", facts) is None:
        return VOLUME_FACTS
    lengths = LENGTHS[:1] if embeds else LENGTHS
    return tuple(name for name in lengths if given(name, facts) is None) or VOLUME_FACTS


def worked_demand(facts: Mapping[str, Fact], catalogue: Catalogue) -> Demand | Unmeasured:
    """The demand by what people count: developers, pages, chat users, calls."""
    work = counted_work(facts, catalogue)
    if isinstance(work, NotCounted):
        return Unmeasured((work.needs,))
    if work is None:
        return Unmeasured(missing_volume(facts, embeds=catalogue.work.embedding(facts)))
    return read_demand(facts, catalogue, work.tokens)


def _cached(facts: Mapping[str, Fact], counted: CountedWork | None) -> Sourced:
    """The share that is read from cache: as it was answered, else that of what was counted, else what is assumed."""
    if counted is not None and counted.cached is not None and given("cached_input_share", facts) is None:
        return counted.cached
    fact = facts["cached_input_share"]
    return from_fact(fact) if isinstance(fact.value, Decimal) else Sourced(NOTHING, "assumed", "", (fact.name,))


def _share(facts: Mapping[str, Fact], name: str) -> Decimal:
    value = facts[name].value
    return value if isinstance(value, Decimal) else Decimal(0)


def _band(facts: Mapping[str, Fact], name: str) -> Band:
    fact = facts[name]
    return from_fact(fact).band if isinstance(fact.value, Decimal) else NOTHING


def _total(facts: Mapping[str, Fact], *, embeds: bool) -> Sourced | None:
    month = given("stated_tokens_per_month", facts)
    if month is not None:
        return month
    day = given("stated_tokens_per_day", facts)
    if day is not None:
        return Sourced(day.band * Band.exactly(DAYS), "derived", prose("tokens a day × 30"), day.inputs)
    requests, lengths = given("stated_requests_per_day", facts), _lengths(facts, embeds=embeds)
    parts = any(given(name, facts) for name in PARTS)  # they say it themselves
    if requests is None or lengths[0] is None or lengths[1] is None or parts:
        return None
    band = requests.band * (lengths[0].band + lengths[1].band) * Band.exactly(DAYS)
    names = requests.inputs + lengths[0].inputs + lengths[1].inputs
    return Sourced(band, "derived", prose("requests a day × tokens per request × 30"), names)


NOTHING_WRITTEN = Sourced(NOTHING, "derived", NO_OUTPUT, ("task",))


def _lengths(facts: Mapping[str, Fact], *, embeds: bool) -> list[Sourced | None]:
    """Input and output tokens of a request, as far as they are given."""
    found = [given(f"stated_{kind}_tokens_per_request", facts) for kind in ("input", "output")]
    return [found[0], NOTHING_WRITTEN] if embeds else found


def _parts(facts: Mapping[str, Fact], *, embeds: bool) -> tuple[Sourced, Sourced] | None:
    """Input and output a month, where both are stated."""
    inputs, outputs = _side("input", facts), NOTHING_WRITTEN if embeds else _side("output", facts)
    return None if inputs is None or outputs is None else (inputs, outputs)


def _side(kind: str, facts: Mapping[str, Fact]) -> Sourced | None:
    """Input or output a month: as it is stated, else by the requests."""
    month = given(f"stated_{kind}_tokens_per_month", facts)
    day = given(f"stated_{kind}_tokens_per_day", facts)
    if month is not None:
        return month
    if day is not None:
        return Sourced(day.band * Band.exactly(DAYS), "derived", A_MONTH[kind], day.inputs)
    requests, length = given("stated_requests_per_day", facts), given(f"stated_{kind}_tokens_per_request", facts)
    if requests is None or length is None:
        return None
    band = requests.band * length.band * Band.exactly(DAYS)
    return Sourced(band, "derived", "requests × tokens × 30", requests.inputs + length.inputs)


def _of_one_side(facts: Mapping[str, Fact], *, embeds: bool) -> Sourced | None:
    """The total where one side of it is known, and the share that the input is of both: given, or by the lengths."""
    share = given("stated_input_share", facts) or _share_of_lengths(facts)
    if embeds or share is None:
        return None
    for kind, of_it in (("input", share.band), ("output", Band.exactly(1) - share.band)):
        side = _side(kind, facts)
        if side is not None and of_it.low > 0:
            return Sourced(side.band / of_it, "derived", OF_ONE[kind], side.inputs + share.inputs)
    return None


def _share_of_side(facts: Mapping[str, Fact], total: Sourced | None) -> Sourced | None:
    """The share of the input that one side of a stated total comes to."""
    inputs, outputs = _side("input", facts), _side("output", facts)
    known = inputs or outputs
    if total is None or known is None or total.band.likely <= 0:
        return None
    part = least(known.band.likely / total.band.likely, ONE)
    ratio = Band.exactly(part if inputs is not None else 1 - part)
    return Sourced(ratio, "derived", prose("input ÷ total"), known.inputs + total.inputs)


def _share_of_lengths(facts: Mapping[str, Fact]) -> Sourced | None:
    """The share of the input in a request whose two lengths are given."""
    inputs, outputs = (given(f"stated_{kind}_tokens_per_request", facts) for kind in ("input", "output"))
    if inputs is None or outputs is None or inputs.band.low + outputs.band.low <= 0:
        return None
    one, other = inputs.band, outputs.band
    ends = ((one.low, other.high), (one.likely, other.likely), (one.high, other.low))
    source = prose("input ÷ (input + output) of a request")
    return Sourced(Band(*(a / (a + b) for a, b in ends)), "derived", source, inputs.inputs + outputs.inputs)


def _peak(facts: Mapping[str, Fact], catalogue: Catalogue, open_share: Decimal) -> Sourced:
    stated = given("stated_peak_to_mean", facts)
    if stated is not None:
        return _in_hours(stated, Band.exactly(1), open_share)
    peak = figure("peak.unknown", catalogue, facts)
    for name in (name for name in catalogue.figures if name.startswith("peak.")):
        peak = chosen(says(facts, "traffic_shape", name.removeprefix("peak.")), figure(name, catalogue, facts), peak)
    flat = figure("peak.steady", catalogue, facts)
    # Where all of it may wait, the queue flattens the peak.
    return chosen(says(facts, "traffic_mix", "batch"), flat, _in_hours(peak, flat.band, open_share))


def _in_hours(peak: Sourced, in_them: Band, open_share: Decimal) -> Sourced:
    """A peak to the mean of the week that is at least what work in its open hours comes to; `in_them` within these."""
    always = at_least(open_share, ONE)
    if always is True:
        return peak
    band = larger(peak.band, in_them / Band.exactly(open_share))
    source = prose("all of it falls into the hours of a week that were given")
    return chosen(always, peak, Sourced(band, "derived", source, ("hours_per_week", *peak.inputs), peak.unit))
