"""A decision in the terminal: on one screen, or with all that belongs to it.

Plain text of a fixed width. Colour only adds to it, so that piped output says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

from msgspec import Struct

from hostwise.reading.numbers.number_format import format_money, format_points
from hostwise.record.format.record import Record
from hostwise.report.brand.clean import first_sentence, shortened
from hostwise.report.language.language import HOME
from hostwise.report.model.first_page import FirstStep
from hostwise.report.model.report import Report
from hostwise.report.terminal.bars import bars
from hostwise.report.terminal.page import ACCENT, BOLD, DIM, WARN, TextPage
from hostwise.report.view.report import report_of
from hostwise.report.view.said import DECIDED, headline_said, saving_said, step_said
from hostwise.report.words.words import Words, load_words
from hostwise.rulebook.language.rules import CHOSEN

COLUMNS, ROWS = 80, 30
"""A screen."""


class Shown(Struct, frozen=True):
    """How many of each part stand on the one screen."""

    reasons: int = 3
    changes: int = 3
    needs: int = 3
    read: int = 140
    """Characters of how the answers were read: two lines of 80 columns, with the words before them; three with 200."""
    spaces: int = 2
    """Empty lines after what could change it."""


SHOWN = (
    Shown(read=200), Shown(3, 2, read=200), Shown(3, 1, 2, 200), Shown(3, 1, 2, 200, 1), Shown(3, 1, 2, 200, 0),
    Shown(), Shown(3, 2), Shown(3, 1, 2), Shown(2, 1, 2),
    Shown(1, 1, 2, 200, 1), Shown(1, 1, 1, 200, 0),
    Shown(1, 1, 2), Shown(1, 1, 1),
    Shown(1, 1, 1, spaces=1), Shown(1, 1, 1, spaces=0), Shown(1, 1, 1, 60), Shown(1, 1, 1, 60, 0), Shown(1, 0, 1),
    Shown(1, 0, 1, 60, 0),
)  # fmt: skip
"""From the most to the least: the first with which everything fits is taken."""
MUCH = Decimal("0.95")
"""An open option that costs so little of the one recommended is asked about first, by whoever reads the bars."""
INFEASIBLE = "infeasible"


def decision_text(
    record: Record,
    *,
    width: int = 100,
    colour: bool = False,
    templates: Path | None = None,
    language: str = HOME,
    everything: bool = False,
) -> str:
    """The verdict with its plan, the first step, why, the money, what would change it, and how sure it is.

    It fits a screen of 30 lines at 80 columns. `everything` adds what was ruled out, the reasons whole with their
    sources, all conditions and who would decide otherwise. `width` in columns.
    Raises `InputError` when parts of the record contradict one another.
    """
    words = load_words(templates, language)
    report = report_of(record, words)
    if everything:
        return _written(report, words, TextPage(width, colour), None)
    # What fits at 80 columns is printed at every width: a pipe and a wide window say the same.
    fits = (shown for shown in SHOWN if _written(report, words, TextPage(COLUMNS, False), shown).count("\n") <= ROWS)
    return _written(report, words, TextPage(width, colour), next(fits, SHOWN[-1]))


def _written(report: Report, words: Words, out: TextPage, shown: Shown | None) -> str:
    """One screen with so much of each part as `shown`; everything where it is None."""
    record, verdict = report.record, report.record.verdict
    out.text(words.say("terminal.decision.of", workload=report.short_title, day=report.as_of), DIM)
    decided = verdict.status == DECIDED
    out.text(headline_said(report, words), BOLD, ACCENT if decided else WARN)
    if (saving := report.first.saving) is not None:
        out.text(saving_said(saving, report.currency, words))
    if report.first.grows:
        out.text(report.first.grows, WARN)
    for doubted in report.doubts:
        out.text(doubted, WARN)
    if shown is None:
        _everything(out, report, words)
    else:
        _one_screen(out, report, words, shown)
    if shown is None or shown.spaces > 0:
        out.blank()
    # A first answer has no id yet: it is the hash of the whole record.
    name = "terminal.decision.made_with" if record.id else "terminal.decision.made_without_id"
    made = words.say(name, id=record.id[:12], rulebook=record.rulebook.version, engines=report.engines)
    out.text(_more(report, words) if shown else made, DIM)
    return out.written()


def _one_screen(out: TextPage, report: Report, words: Words, shown: Shown) -> None:
    verdict = report.record.verdict
    if (step := _first_step(report)) is not None:
        out.text(step_said(step, words))
    if verdict.needs:
        _needs(out, report, words, shown.needs)
    _ways_out(out, report, words, shown.needs)
    if verdict.status == DECIDED and verdict.reasons:
        out.heading(words.say("terminal.decision.why"))
        for number, text in enumerate(_reasons(report)[: shown.reasons], 1):
            out.item(first_sentence(text), mark=f"{number}.")
    _money(out, report, words, ruled_out=False)
    changes = list(islice(_changes(report, words), shown.changes))
    if changes:
        out.heading(words.say("terminal.decision.changes"))
        for change in changes:
            out.item(change)
    if report.in_futures:
        if shown.spaces > 1:
            out.blank()
        name = "terminal.decision.sure" if verdict.status == DECIDED else "terminal.decision.so_far"
        out.text(words.say(name, sentence=report.in_futures[0]))
    if read_as := report.record.answers.read_as:
        out.text(words.say("terminal.decision.read_as", answers=_whole_phrases(read_as, shown.read)), DIM)


def _reasons(report: Report) -> list[str]:
    """The reasons; of an option that costs more than one that is open, first what stands against that one."""
    verdict, options = report.record.verdict, [each for each in report.options if each.monthly and each.feasible]
    ours = next((each.monthly for each in options if each.chosen), None)
    cheaper = ours is not None and any(each.monthly.likely < ours.likely * MUCH for each in options if each.monthly)
    replaced = verdict.confirmation is not None and verdict.confirmation.take != CHOSEN  # its reason says so itself
    first = cheaper and not replaced
    return [reason.text for reason in sorted(verdict.reasons, key=lambda each: first and each.rule != "")]


def _whole_phrases(phrases: Sequence[str], most: int) -> str:
    """Whole phrases, as many as fit: none is cut where its number would be. `--all` has the rest."""
    count = max(n for n in range(1, len(phrases) + 1) if n == 1 or len(" · ".join(phrases[:n])) <= most)
    return " · ".join(phrases[:count])


def _everything(out: TextPage, report: Report, words: Words) -> None:
    verdict = report.record.verdict
    if verdict.chosen_plan:
        out.text(verdict.sentence)
    if (step := _first_step(report)) is not None:
        out.text(step_said(step, words, whole=True))
    error = (words.say("sure.error"),) if any("±" in sentence for sentence in report.in_futures) else ()
    for sentence in (*report.in_futures, *error, *report.turning, *report.firmness):
        out.text(sentence, DIM)
    if read_as := report.record.answers.read_as:
        out.text(words.say("terminal.decision.read_as", answers=" · ".join(read_as)), DIM)
    for sentence in _worth_finding_out(report, words):
        out.text(sentence, DIM)
    if verdict.needs:
        _needs(out, report, words, len(verdict.needs))
    _ways_out(out, report, words, len(report.ways_out))
    if verdict.status == INFEASIBLE:
        out.heading(words.say("terminal.decision.infeasible"))
        for option in report.options:
            out.item(f"{option.label}: {option.why}")
    elif verdict.reasons and verdict.status == DECIDED:
        out.heading(words.say("terminal.decision.why"))
        for number, reason in enumerate(verdict.reasons, 1):
            cites = f" [{', '.join(c.id for c in reason.cites[:4])}]" if reason.cites else ""
            out.item(reason.text + cites, mark=f"{number}.")
    _money(out, report, words, ruled_out=True)
    for name, entries in (("conditions", verdict.conditions), ("revisit", verdict.revisit)):
        if entries:
            out.heading(words.say(f"terminal.decision.{name}"))
            for entry in entries:
                out.item(entry.text + (f" ({entry.owner})" if entry.owner and name == "conditions" else ""))
    if verdict.dissent:
        out.heading(words.say("terminal.decision.dissent"))
        for dissent in verdict.dissent:
            out.item(f"{dissent.who}: {dissent.text}")


def _first_step(report: Report) -> FirstStep | None:
    """What to do first; None where nothing is decided."""
    return report.first.first if report.record.verdict.status == DECIDED else None


def _needs(out: TextPage, report: Report, words: Words, most: int) -> None:
    """The answers to find out: whom to ask, and what each settles where it settles anything."""
    needs = report.record.verdict.needs
    out.heading(words.say("terminal.decision.needs"))
    for need in needs[:most]:
        asked = words.say("terminal.decision.need", label=need.label, key=need.key, ask_of=need.ask_of)
        question = need.question if most >= len(needs) else first_sentence(need.question)
        out.item(" ".join(part for part in (f"{asked}: {question}", need.settles) if part))
    if len(needs) > most:
        out.item(words.say("terminal.decision.then", labels=", ".join(need.label for need in needs[most:])))


def _ways_out(out: TextPage, report: Report, words: Words, most: int) -> None:
    if report.ways_out:
        out.heading(words.say("terminal.decision.ways_out"))
    for way, lifted in report.ways_out[:most]:
        titles = "; ".join(c.title for c in lifted)
        answers = "; ".join(f"{a.key} ({shortened(a.shown, 120)})" for a in way.answers)
        out.item(words.say("terminal.decision.way_out", titles=titles, answers=answers, option=way.label))


def _money(out: TextPage, report: Report, words: Words, *, ruled_out: bool) -> None:
    """What each option costs a month; those that are ruled out are counted, or drawn too."""
    shown = [option for option in report.priced if option.feasible or ruled_out]
    if shown:
        name = "costs" if not report.volume else "costs_once" if report.once else "costs_at"
        out.heading(words.say(f"terminal.decision.{name}", volume=report.volume))
        for line, chosen, feasible in bars(shown, out.width, words):
            out.line(line, *((BOLD, ACCENT) if chosen else () if feasible else (DIM,)))
    unpriced = [option for option in report.options if not option.monthly and option.feasible]
    if ruled_out or not shown:  # where nothing is priced yet, what is known of the money is why
        for why in dict.fromkeys(option.ledger.why_not or "" for option in unpriced):
            labels = ", ".join(option.label for option in unpriced if (option.ledger.why_not or "") == why)
            out.text(" ".join((words.say("terminal.decision.unpriced", options=labels), why)).strip(), DIM)


def _more(report: Report, words: Words) -> str:
    """How to see the rest, and how many options are not on the screen."""
    hidden = sum(1 for option in report.options if not option.feasible or not option.monthly)
    name = "more_one" if hidden == 1 else "more_options" if hidden else "more"
    return words.say(f"terminal.decision.{name}", count=hidden)


def _changes(report: Report, words: Words) -> Iterator[str]:
    """What would change the verdict, the nearest first: an open answer, a number near a threshold, what may come."""
    verdict = report.record.verdict
    if verdict.status != DECIDED:
        return
    if report.record.robustness.questions:
        yield from _worth_finding_out(report, words)
    yield from report.turning
    yield from (advice.text for advice in verdict.revisit)


def _worth_finding_out(report: Report, words: Words) -> Iterator[str]:
    """The one open answer that is most worth finding out, and what it is worth that shows as more than nothing."""
    question = report.first.worth_asking
    if question is not None:
        wrong = format_points(question.wrong, words.language) if question.wrong else ""
        regret = format_money(question.regret, report.currency, words.language) if question.regret >= 1 else ""
        name = "_".join(("worth", *(part for part, is_some in (("wrong", wrong), ("regret", regret)) if is_some)))
        label = question.label
        if question.ask_of:
            label = words.say("terminal.decision.worth_asking", label=label, ask_of=question.ask_of)
        yield words.say(f"terminal.decision.{name}", label=label, wrong=wrong, regret=regret)
    if not report.record.robustness.questions and report.record.verdict.status == DECIDED:
        yield words.say("terminal.decision.firm" if report.robustness.firm else "terminal.decision.not_worth")
