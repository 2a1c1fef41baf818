"""What a record says of how sure it is, to what templates, charts and the terminal show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_UP, Decimal

from hostwise.analysis.changes.triggers import RevisitTrigger
from hostwise.reading.numbers.fact_types import FactType
from hostwise.reading.numbers.number_format import (
    HUNDRED,
    format_bare,
    format_factor,
    format_money,
    format_number,
    format_points,
    format_share,
    kind_of,
    of_hundred,
    unit_words,
)
from hostwise.record.format.record import Record
from hostwise.record.format.robustness import (
    AnswerChange,
    Counterfactual,
    RecordRobustness,
    SwingRow,
    SwingSetting,
    UncertainThing,
    WorthAsking,
)
from hostwise.record.format.robustness import VerdictShare as RecordedShare
from hostwise.report.model.report import OptionLine
from hostwise.report.model.robustness import (
    Change,
    Mover,
    Sureness,
    Tornado,
    TornadoEnd,
    TornadoRow,
    TriggerView,
    UncertainView,
    VerdictShareView,
)
from hostwise.report.view.labels import verdict_label
from hostwise.report.view.map import map_of
from hostwise.report.words.words import Words

UNCHANGED = "least_change.option"
"""The fact that names the option which changes least of what runs."""
ASSUMED = ("unknown", "default")
"""Why an answer is drawn that nobody gave."""
EXACT_FROM = 1000
"""From so many futures on a share is said in hundredths."""


def robustness_of(data: Record, options: Sequence[OptionLine], currency: str, words: Words) -> Sureness:
    """The view of `robustness`, `counterfactuals` and the triggers of a record."""
    robust, verdict = data.robustness, data.verdict
    own = verdict.outcome
    labels = {option.id: option.label for option in options}
    return Sureness(
        firm=not robust.wrong,
        shares=shares_of(robust.shares, words),
        priors_as_of=robust.priors_as_of,
        api_stays=_api_stays(data, words),
        tornado=_tornado(robust, own, options, currency, words),
        map=map_of(robust.map, words) if robust.map else None,
        changes=tuple(_changes(data.counterfactuals, words)),
        triggers=tuple(_trigger(t, labels, words) for t in verdict.triggers if t.distance is not None),
        worded=tuple(t.label for t in verdict.triggers if t.distance is None),
        uncertain=tuple(UncertainView(thing, _between(thing, words)) for thing in robust.uncertain),
        beyond=tuple(_beyond(robust, options, currency, words)),
    )


def _beyond(robust: RecordRobustness, options: Sequence[OptionLine], currency: str, words: Words) -> Iterator[str]:
    """Which tenths of the futures leave the band of an option; then the answers that they draw and no band does.

    A band goes over figures, and over answers that are ranges. An answer that nobody gave stands in it as assumed. The
    quality gap is no part of an option's cost.
    """
    bands = {option.id: option.monthly for option in options if option.monthly}
    left = [
        words.say(f"sure.{name}", label=each.label, amount=format_money(cost, currency, words.language),
                  end=format_money(end, currency, words.language))
        for each in robust.costs
        if (band := bands.get(each.option)) is not None
        for name, cost, end, leaves in (
            ("dearer", each.p90, band.high, each.p90 > band.high),
            ("cheaper", each.p10, band.low, each.p10 < band.low),
        )
        if leaves and format_money(cost, currency, words.language) != format_money(end, currency, words.language)
    ]  # fmt: skip
    yield from left
    assumed = [thing.label for thing in robust.uncertain if thing.why in ASSUMED and thing.shape != "log-odds"]
    if left and assumed:
        yield words.say("sure.assumed", answers=", ".join(assumed))


def _api_stays(data: Record, words: Words) -> str:
    """In how many futures the closed API keeps its model, where the verdict is what changes least; else empty."""
    share = data.robustness.api_stays
    unchanged = next((fact.value for fact in data.facts if fact.name == UNCHANGED), None)
    if not share or data.verdict.option != unchanged:
        return ""
    return _hundred(share, words)


def shares_of(shares: Sequence[RecordedShare], words: Words) -> tuple[VerdictShareView, ...]:
    """The verdicts by how many futures each comes out in, the commonest first."""
    return tuple(
        VerdictShareView(
            id=entry.verdict,
            label=verdict_label(entry.verdict, entry.label, words),
            share=entry.share,
            count=entry.count,
            hundred=_hundred(entry.share, words),
            error=format_number((entry.error * 100).quantize(Decimal(1), ROUND_UP), words.language),
        )
        for entry in shares
    )


def _hundred(share: Decimal, words: Words) -> str:
    """What is nearly all must not read as all, nor what is rare as never."""
    hundred = of_hundred(share)
    if hundred == HUNDRED and share < 1:
        return words.say("shares.most")
    return str(hundred) if hundred else words.say("shares.few")


def in_futures(robust: Sureness, futures: int, option: str | None, words: Words) -> Iterator[str]:
    """In how many plausible futures the verdict comes out, and what no future draws; of an open one, which options do.
    Of none, nothing."""
    own = next((share for share in robust.shares if share.id == option), None)
    if own is not None:
        said = words.say(_said_as(own, futures), label=own.label, count=own.hundred, all=futures, error=own.error)
        most = max(robust.shares, key=lambda share: share.share)
        if most.share > own.share:
            said += " " + words.say("sure.more_often", label=most.label, count=most.hundred)
        yield f"{said} {words.say('sure.not_drawn')}"
        if robust.api_stays:
            yield words.say("sure.api_stays", count=robust.api_stays)
    elif option is None and robust.firm is False and len(robust.shares) > 1:
        items = "; ".join(words.say("shares.item", label=share.label, count=share.hundred) for share in robust.shares)
        yield f"{words.say('sure.open_futures', items=items)} {words.say('sure.not_drawn')}"


def worth_of(question: WorthAsking, currency: str, words: Words) -> str:
    """What knowing an answer is worth: the chance of a wrong verdict, money, or both; empty where neither shows."""
    language = words.language
    wrong, regret = format_points(question.wrong, language), format_money(question.regret, currency, language)
    less_wrong = wrong != format_points(Decimal(0), language)
    less_regret = regret != format_money(Decimal(0), currency, language)
    if not (less_wrong or less_regret):
        return ""
    name = "both" if less_wrong and less_regret else "wrong" if less_wrong else "regret"
    return words.say(f"worth.{name}", wrong=wrong, regret=regret)


def priors_of(robust: Sureness, words: Words) -> Iterator[str]:
    """The day of the priors that futures draw the quality gap from, where they do."""
    if robust.priors_as_of is not None:
        yield words.say("sure.priors", day=words.language.long_date(robust.priors_as_of.isoformat()))


def _said_as(share: VerdictShareView, futures: int) -> str:
    """Fewer than a thousand futures do not settle a hundredth."""
    if share.share == 1:
        return "sure.every_future"
    if not share.hundred.isdigit():
        return "sure.rare_futures"
    return "sure.futures" if futures >= EXACT_FROM else "sure.about_futures"


def _tornado(
    robust: RecordRobustness, own: str, options: Sequence[OptionLine], currency: str, words: Words
) -> Tornado | None:
    """The rows against what the decision itself takes; None where no option is priced or nothing moves it."""
    likely = {option.id: option.monthly.likely for option in options if option.monthly}
    option, rival = robust.option, robust.rival
    if option is None or option not in likely or not robust.tornado:
        return None
    saving = rival is not None and rival in likely
    base = likely[rival] - likely[option] if rival is not None and saving else likely[option]
    labels = {each.id: each.label for each in options}
    rows = robust.tornado
    return Tornado(
        measure="saving" if saving else "cost",
        option=labels[option],
        currency=currency,
        base=base,
        movers=tuple(_mover(row, own, "lead" if saving else "cost", words) for row in rows),
        rows=tuple(_drawn_row(row, own, "lead" if saving else "cost", words) for row in rows),
    )


def _mover(row: SwingRow, own: str, measure: str, words: Words) -> Mover:
    ends = tuple(_drawn_end(setting, own, measure, words) for setting in row.settings)
    return Mover(row.label, words.label("uncertain", row.why), ends, row.swing)


def _drawn_row(row: SwingRow, own: str, measure: str, words: Words) -> TornadoRow:
    """A row as the chart takes it: of several words those that move it furthest either way."""
    settings = row.settings
    known = [(amount, n) for n, each in enumerate(settings) if (amount := _measured(each, measure)) is not None]
    if len(settings) > 2 and known:
        settings = tuple(settings[n] for _, n in (min(known), max(known)))
    low, high = (_drawn_end(settings[place], own, measure, words) for place in (0, -1))
    return TornadoRow(row.label, low, high)


def _drawn_end(setting: SwingSetting, own: str, measure: str, words: Words) -> TornadoEnd:
    return TornadoEnd(setting.shown, _measured(setting, measure), _flips_to(setting, own, words))


def _measured(setting: SwingSetting, measure: str) -> Decimal | None:
    return setting.lead if measure == "lead" else setting.cost


def _flips_to(setting: SwingSetting, own: str, words: Words) -> str:
    """The other option that a setting leads to; empty where it leads to the same."""
    return "" if setting.verdict == own else verdict_label(setting.verdict, setting.label, words)


def _changes(found: Sequence[Counterfactual], words: Words) -> Iterator[Change]:
    """The nearest numbers first, then shares, whose points compare with no percentage, then words, then pairs."""

    def away(entry: Counterfactual) -> tuple[bool, bool, bool, Decimal]:
        first = entry.changes[0]
        distance = first.distance
        return len(entry.changes) > 1, distance is None, first.in_points, abs(distance or Decimal(0))

    for entry in sorted(found, key=away):
        parts = [_if(change, words) for change in entry.changes]
        label = verdict_label(entry.verdict, entry.label, words)
        condition = words.say("robust.both", one=parts[0], other=parts[1]) if len(parts) > 1 else parts[0]
        sentence = words.say("robust.change", condition=condition, verdict=label)
        yield Change(sentence[:1].upper() + sentence[1:], entry.rule or "", len(parts) > 1)


def _if(change: AnswerChange, words: Words) -> str:
    """The condition of a counterfactual."""
    label, now, then = change.label, change.now_shown, change.changed_shown
    if now is None:
        return words.say("robust.if_known", label=label, then=then)
    if now == then:
        return words.say("robust.if_at_all", label=label, now=now)
    if change.distance is None:
        return words.say("robust.if_word", label=label, now=now, then=then)
    up = Decimal(change.changed) > Decimal(change.now or 0)
    name = "robust.if_above" if up else "robust.if_below"
    distance = _distance(change.distance, change.in_points, words)
    if change.close_shown is not None:
        distance = words.say("robust.and_close", distance=distance, close=change.close_shown)
    return words.say(name, label=label, now=now, then=then, distance=distance)


def _distance(share: Decimal, in_points: bool, words: Words) -> str:
    """How far away: as a percentage, or as a factor once the number more than doubles; of a share in points."""
    if in_points:
        points = format_points(share, words.language)
        return words.say("robust.points_more" if share > 0 else "robust.points_less", points=points)
    if share >= 1:
        return words.say("robust.times", times=format_factor(1 + share, words.language))
    return words.say("robust.more" if share > 0 else "robust.less", percent=format_share(abs(share), words.language))


def _trigger(entry: RevisitTrigger, labels: Mapping[str, str], words: Words) -> TriggerView:
    return TriggerView(
        recorded=entry,
        threshold=words.say(f"robust.{entry.sense}", value=entry.shown) if entry.sense != "is" else entry.shown,
        distance=_distance(entry.distance or Decimal(0), entry.in_points, words),
        verdict=verdict_label(entry.verdict, labels.get(entry.verdict, entry.verdict), words),
    )


def _between(thing: UncertainThing, words: Words) -> str:
    """The values that it is drawn between; of words, each with its weight."""
    if thing.words:
        return ", ".join(_weights(thing.words, words))
    unit = thing.unit
    kind = kind_of(unit) if unit else FactType.RATIO
    low, likely, high = (format_bare(end, kind, unit, words.language) for end in (thing.low, thing.likely, thing.high))
    after = unit_words(kind, unit, words.language)
    return words.say("robust.between", low=low, likely=likely, high=high, unit=after).strip()


def _weights(weights: Mapping[str, Decimal], words: Words) -> Iterator[str]:
    total = sum(weights.values())
    for word, weight in weights.items():
        share = format_share(weight / total, words.language)
        yield words.say("robust.weight", word=words.language.text(word), share=share)
