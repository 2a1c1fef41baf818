"""Which option wins where, in the terminal: a letter for each cell, and what it stands for.

Colour only adds to the letters, so that piped output says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hostwise.analysis.maps.letter_map import LetterMap
from hostwise.analysis.maps.sweep import Sweep
from hostwise.answers.fact_text import format_value
from hostwise.answers.facts import FactType, Value
from hostwise.reading.numbers.number_format import format_money
from hostwise.report.brand.colours import Look, with_options
from hostwise.report.language.catalogue_text import translate, translate_labels, translate_text
from hostwise.report.language.language import HOME
from hostwise.report.model.map import Map, MapAxis
from hostwise.report.terminal.page import BOLD, TextPage
from hostwise.report.view.labels import verdict_label
from hostwise.report.view.map import map_of
from hostwise.report.words.words import Words, load_words

FRAME = 4
"""Columns of the page that are no part of a row: its margin, and the line beside it."""
ROOMY = 3
"""Columns of a cell where there is room: its letter between blanks, or between brackets for today."""
TODAY = "◆"
"""Stands for today's cell where a cell is one column wide."""


def map_text(data: LetterMap, *, width: int, colour: bool, language: str = HOME) -> str:
    """The map of two answers."""
    words = load_words(language=language)
    drawn = map_of(translate(data, words.language), words)
    out = TextPage(width, colour)
    assert drawn.y is not None
    out.line(words.say("terminal.map.axes", x=drawn.x.title, y=drawn.y.title), BOLD)
    _grid(out, drawn, colour, words)
    return out.written()


def sweep_text(
    found: Sweep,
    data: LetterMap,
    labels: Mapping[str, str],
    *,
    width: int,
    colour: bool,
    language: str = HOME,
) -> str:
    """The strip of one answer, its stretches with one verdict, then every value with the cost of each option."""
    out = TextPage(width, colour)
    question = found.question
    kind = FactType(question.type)
    words = load_words(language=language)
    drawn = map_of(translate(data, words.language), words)
    labels = translate_labels(labels, words.language)

    def name(verdict: str, rule: str | None) -> str:
        label = verdict_label(verdict, labels.get(verdict, verdict), words)
        return words.say("terminal.by_rule", verdict=label, rule=rule) if rule else label

    def shown(value: Value) -> str:
        return translate_text(format_value(value, kind, question.unit), words.language)

    out.line(f"{drawn.x.label} ({question.key})", BOLD)
    if found.regions:
        _grid(out, drawn, colour, words)
        out.blank()
    for region in found.regions:
        low, high = (shown(end) for end in (region.low, region.high))
        verdict = name(region.verdict, region.rule)
        out.item(words.say("terminal.map.stretch", low=low, high=high, verdict=verdict), mark="→")
    if found.regions:
        out.heading(words.say("terminal.map.decided"))
    for value, outcome in found.points:
        priced = [
            f"{labels.get(option, option)} {format_money(cost, outcome.currency, words.language)}"
            for option, cost in outcome.costs.items()
            if cost is not None
        ]
        verdict = name(outcome.verdict, None if found.regions else outcome.rule)
        if value == drawn.x.now:
            verdict = words.say("terminal.map.as_today", verdict=verdict)
        out.item(f"{shown(value)}: {verdict} ({', '.join(priced)})", mark="·")
    return out.written()


def _grid(out: TextPage, drawn: Map, colour: bool, words: Words) -> None:
    """Rows from the top down, the axis across, and the key."""
    looks = with_options(words.colours, [(verdict.id, verdict.label) for verdict in drawn.verdicts]).looks
    names = ("",) if drawn.y is None else drawn.y.short
    beside = max(map(len, names))
    columns = len(drawn.x.values)
    cell = ROOMY if beside + FRAME + ROOMY * columns <= out.width else 1
    for row in reversed(range(len(drawn.cells))):
        cells = [
            _cell(looks[drawn.verdicts[place].id], cell, drawn.today == (column, row), colour)
            for column, place in enumerate(drawn.cells[row])
        ]
        out.line(f"  {names[row]:>{beside}} │{''.join(cells)}".rstrip())
    out.line(f"  {'':>{beside}} └{'─' * (cell * columns)}")
    lead = " " * (beside + FRAME)
    out.line(lead + _numbers(drawn.x, cell))
    out.line(lead + drawn.x.title)
    if drawn.x.scale == "log" or (drawn.y is not None and drawn.y.scale == "log"):
        out.line(lead + _scales(drawn, words))
    out.blank()
    total = sum(len(cells) for cells in drawn.cells)
    for verdict in drawn.verdicts:
        line = words.say("terminal.map.cells", verdict=verdict.label, cells=verdict.cells, total=total)
        out.item(line, mark=looks[verdict.id].letter)
    _say_today(out, drawn, cell, words)


def _cell(look: Look, wide: int, today: bool, colour: bool) -> str:
    if wide == 1:
        said = TODAY if today else look.letter
    else:
        said = f"[{look.letter}]" if today else f" {look.letter} "
    if not colour:
        return said
    return f"\x1b[48;5;{_code(look.colour)};38;5;{_code(look.text)}m{said}\x1b[0m"


def _code(colour: str) -> int:
    """The nearest of the 216 colours that every terminal with colours has: black is 16, white 231."""
    red, green, blue = (round(int(colour[n : n + 2], 16) / 51) for n in (1, 3, 5))
    return 16 + 36 * red + 6 * green + blue


def _numbers(axis: MapAxis, cell: int) -> str:
    """The values below the first, the last and as many other columns as fit, each from its column on."""
    line = ""
    for column, said in _spread(axis.short):
        place = column * cell
        if column == len(axis.short) - 1:
            place = max(place + cell - len(said), 0)
        if not line or place >= len(line) + 2:
            line = line.ljust(place) + said
    return line


def _spread(names: Sequence[str]) -> Iterator[tuple[int, str]]:
    step = max(1, (len(names) - 1) // 4)
    last = len(names) - 1
    yield from ((column, names[column]) for column in range(0, last, step) if last - column >= step)
    yield last, names[last]


def _scales(drawn: Map, words: Words) -> str:
    if drawn.y is None or (drawn.x.scale == drawn.y.scale):
        return words.say("terminal.map.by_ratio" if drawn.y is None else "terminal.map.both_by_ratio")
    label = drawn.x.label if drawn.x.scale == "log" else drawn.y.label
    return words.say("terminal.map.one_by_ratio", label=label)


def _say_today(out: TextPage, drawn: Map, cell: int, words: Words) -> None:
    axes = [axis for axis in (drawn.x, drawn.y) if axis is not None]
    unknown = words.say("terminal.unknown")
    answers = ", ".join(f"{axis.label} {axis.now_shown or unknown}" for axis in axes)
    if drawn.now is None:
        out.item(words.say("terminal.map.elsewhere", answers=answers), mark="·")
    else:
        line = words.say("terminal.map.today", answers=answers, verdict=drawn.now.label)
        out.item(line, mark=TODAY if cell == 1 else "[]")
