"""What a record says of how sure it is, to what templates, charts and the terminal show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from hostwise.report.clean import one_line
from hostwise.report.figures import money, percent, plain_number
from hostwise.report.locale_values import unit_text
from hostwise.report.model import Option
from hostwise.report.model_robustness import (
    Change,
    CostRange,
    Mover,
    MoverEnd,
    Robustness,
    Tornado,
    TriggerView,
    UncertainView,
    VerdictShare,
    WorthAsking,
)
from hostwise.report.share_bar import of_a_hundred
from hostwise.report.verdict_key import verdict_label
from hostwise.report.view_map import map_of
from hostwise.report.words import Words

SHARES = ("", "share", "share a year")
"""Units of what is shown as a percentage."""


def robustness_of(data: Mapping[str, Any], options: Sequence[Option], currency: str, words: Words) -> Robustness:
    """The view of `robustness`, `counterfactuals` and the triggers of a record."""
    robust, verdict = data["robustness"], data["verdict"]
    own = verdict["option"] or verdict["status"]
    return Robustness(
        seed=robust["seed"],
        futures=robust["futures"],
        shares=shares_of(robust["shares"], words),
        wrong=percent(Decimal(robust["wrong"]), words.language),
        regret=money(Decimal(robust["regret"]), currency, words.language),
        firm=not Decimal(robust["wrong"]),
        costs=tuple(_costs(robust, currency, words)),
        tornado=_tornado(robust, own, options, currency, words),
        map=map_of(robust["map"], words) if robust["map"] else None,
        changes=tuple(_changes(data["counterfactuals"], words)),
        triggers=tuple(
            _trigger(t, {each.id: each.label for each in options}, words)
            for t in verdict["triggers"]
            if t["distance"] is not None
        ),
        worded=tuple(t["label"] for t in verdict["triggers"] if t["distance"] is None),
        questions=tuple(_question(q, currency, words) for q in robust["questions"]),
        uncertain=tuple(_uncertain(u, words) for u in robust["uncertain"]),
    )


def shares_of(shares: Sequence[Mapping[str, Any]], words: Words) -> tuple[VerdictShare, ...]:
    """The verdicts by how many futures each comes out in, the commonest first."""
    exact = [Decimal(entry["share"]) for entry in shares]
    hundreds = of_a_hundred(exact) if exact else []
    return tuple(
        VerdictShare(
            id=entry["verdict"],
            label=verdict_label(entry["verdict"], entry["label"], words),
            share=share,
            count=entry["count"],
            percent=percent(share, words.language),
            hundred=_hundred(share, hundred, words),
        )
        for entry, share, hundred in zip(shares, exact, hundreds, strict=True)
    )


def _hundred(share: Decimal, hundred: int, words: Words) -> str:
    """What is nearly all must not read as all, nor what is rare as never."""
    if hundred == 100 and share < 1:
        return words.say("shares.most")
    return str(hundred) if hundred else words.say("shares.few")


def in_futures(robust: Robustness, option: str | None, words: Words) -> Iterator[str]:
    """In how many plausible futures the verdict comes out; of an open one, which options do. Of none, nothing."""
    own = next((share for share in robust.shares if share.id == option), None)
    if own is not None:
        name = "sure.every_future" if own.share == 1 else "sure.futures"
        yield words.say(name, label=own.label, count=own.hundred, all=robust.futures)
    elif option is None and robust.firm is False and len(robust.shares) > 1:
        items = "; ".join(words.say("shares.item", label=share.label, count=share.hundred) for share in robust.shares)
        yield words.say("sure.open_futures", items=items)


def _costs(robust: Mapping[str, Any], currency: str, words: Words) -> Iterator[CostRange]:
    for band in robust["costs"]:
        p10, p50, p90 = (money(Decimal(band[end]), currency, words.language) for end in ("p10", "p50", "p90"))
        all_ = band["priced"] == robust["futures"]
        priced = "" if all_ else words.say("robust.priced", count=band["priced"], all=robust["futures"])
        yield CostRange(band["label"], p10, p50, p90, priced)


def _tornado(
    robust: Mapping[str, Any], own: str, options: Sequence[Option], currency: str, words: Words
) -> Tornado | None:
    """The rows against what the decision itself takes; None where no option is priced or nothing moves it."""
    likely = {option.id: option.monthly.likely for option in options if option.monthly}
    option, rival = robust["option"], robust["rival"]
    if option not in likely or not robust["tornado"]:
        return None
    saving = rival in likely
    base = likely[rival] - likely[option] if saving else likely[option]
    labels = {each.id: each.label for each in options}
    rows = robust["tornado"]
    return Tornado(
        measure="saving" if saving else "cost",
        option=labels[option],
        currency=currency,
        movers=tuple(_mover(row, own, "lead" if saving else "cost", currency, words) for row in rows),
        drawn=tuple(_drawn(row, own, base, "lead" if saving else "cost") for row in rows),
        labels=labels,
    )


def _mover(row: Mapping[str, Any], own: str, measure: str, currency: str, words: Words) -> Mover:
    ends = tuple(
        MoverEnd(
            answer=setting["shown"],
            amount=words.say("tornado.unpriced")
            if setting[measure] is None
            else money(Decimal(setting[measure]), currency, words.language),
            flips_to="" if setting["verdict"] == own else verdict_label(setting["verdict"], setting["label"], words),
        )
        for setting in row["settings"]
    )
    why = words.label("uncertain", row["why"])
    return Mover(row["label"], why, ends, money(Decimal(row["swing"]), currency, words.language), row["flips"])


def _drawn(row: Mapping[str, Any], own: str, base: Decimal, measure: str) -> Mapping[str, Any]:
    """A row as `tornado_chart` takes it: of several words those that move it furthest either way."""
    settings = row["settings"]
    known = [setting for setting in settings if setting[measure] is not None]
    if len(settings) > 2 and known:
        ranked = sorted(known, key=lambda setting: Decimal(setting[measure]))
        settings = [ranked[0], ranked[-1]]
    low, high = settings[0], settings[-1]
    return {
        "label": row["label"],
        "low_label": low["shown"],
        "high_label": high["shown"],
        "low_cost": low[measure],
        "high_cost": high[measure],
        "base_cost": str(base),
        "low_verdict": low["verdict"],
        "high_verdict": high["verdict"],
        "verdict": own,
    }


def _changes(found: Sequence[Mapping[str, Any]], words: Words) -> Iterator[Change]:
    """The nearest numbers first, then words, then pairs."""

    def away(entry: Mapping[str, Any]) -> tuple[bool, bool, Decimal]:
        first = entry["changes"][0]
        distance = first["distance"]
        return len(entry["changes"]) > 1, distance is None, abs(Decimal(distance or 0))

    for entry in sorted(found, key=away):
        parts = [_if(change, words) for change in entry["changes"]]
        label = verdict_label(entry["verdict"], entry["label"], words)
        condition = words.say("robust.both", one=parts[0], other=parts[1]) if len(parts) > 1 else parts[0]
        sentence = words.say("robust.change", condition=condition, verdict=label)
        yield Change(sentence[:1].upper() + sentence[1:], entry["rule"] or "", len(parts) > 1)


def _if(change: Mapping[str, Any], words: Words) -> str:
    """The condition of a counterfactual."""
    label, now, then = change["label"], change["now_shown"], change["changed_shown"]
    if now is None:
        return words.say("robust.if_known", label=label, then=then)
    if now == then:
        return words.say("robust.if_at_all", label=label, now=now)
    if change["distance"] is None:
        return words.say("robust.if_word", label=label, now=now, then=then)
    up = Decimal(change["changed"]) > Decimal(change["now"])
    name = "robust.if_above" if up else "robust.if_below"
    return words.say(name, label=label, now=now, then=then, distance=_distance(change["distance"], words))


def _distance(distance: str, words: Words) -> str:
    """How far away: as a percentage, or as a factor once the number more than doubles."""
    share = Decimal(distance)
    if share >= 1:
        times = (1 + share).quantize(Decimal("0.1") if share < 9 else Decimal(1))
        return words.say("robust.times", times=plain_number(times, words.language))
    return words.say("robust.more" if share > 0 else "robust.less", percent=percent(abs(share), words.language))


def _trigger(entry: Mapping[str, Any], labels: Mapping[str, str], words: Words) -> TriggerView:
    threshold = (
        words.say(f"robust.{entry['sense']}", value=entry["shown"]) if entry["sense"] != "is" else entry["shown"]
    )
    return TriggerView(
        label=entry["label"],
        threshold=threshold,
        now=entry["now_shown"] or "",
        distance=_distance(entry["distance"], words),
        reached=entry["reached"] or "",
        verdict=verdict_label(entry["verdict"], labels.get(entry["verdict"], entry["verdict"]), words),
    )


def _question(entry: Mapping[str, Any], currency: str, words: Words) -> WorthAsking:
    return WorthAsking(
        key=entry["key"],
        label=entry["label"],
        question=one_line(entry["question"]),
        ask_of=entry["ask_of"],
        wrong=percent(Decimal(entry["wrong"]), words.language),
        regret=money(Decimal(entry["regret"]), currency, words.language),
    )


def _uncertain(entry: Mapping[str, Any], words: Words) -> UncertainView:
    if entry["words"]:
        total = sum(Decimal(weight) for weight in entry["words"].values())
        between = ", ".join(
            words.say(
                "robust.weight", word=words.language.text(word), share=percent(Decimal(weight) / total, words.language)
            )
            for word, weight in entry["words"].items()
        )
    else:
        share = entry["unit"] in SHARES
        low, likely, high = (_amount(Decimal(entry[end]), share, words) for end in ("low", "likely", "high"))
        unit = "" if share else unit_text(entry["unit"], words.language)
        between = words.say("robust.between", low=low, likely=likely, high=high, unit=unit).strip()
    return UncertainView(
        label=entry["label"],
        answer=entry["key"] is not None,
        why=words.label("uncertain", entry["why"]),
        between=between,
        drawn=words.label("drawn", entry["shape"]),
        source=entry["source"],
    )


def _amount(value: Decimal, share: bool, words: Words) -> str:
    return percent(value, words.language) if share else plain_number(value, words.language)
