"""The brand's colours for style sheets, in light and in dark, as CSS variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from colorsys import hls_to_rgb, rgb_to_hls
from functools import lru_cache

from hostwise.report.brand.colours import Colours
from hostwise.report.brand.contrast import CONTRAST_OF_GRAPHICS, CONTRAST_OF_TEXT, contrast, on_white

DARK_PAPER, DARK_TINT, DARK_RULE = 0.086, 0.125, 0.26
"""How light the ground of a dark screen, the ground of the verdict and lines are there, 0 to 1."""
DARK_CONTRAST = {"ink": 14.5, "muted": 8.0, "accent": 10.0, "warn": 9.8}
"""What text reaches on the ground of a dark screen. Full contrast, 18 and more, glares."""
DARK_PALE = 0.2
"""How light a pale area of a chart is there."""
_DRAWN = re.compile(r'(?:fill|stroke)="(#[0-9a-f]{6})"')
STRONGEST = 0.6
"""Colours stronger than this shimmer on a dark ground."""


def palette_css(palette: Mapping[str, str], charts: Colours) -> str:
    """The palette as `--ink`, `--paper` …, another one on dark screens; charts stay on their own `--chart-paper`."""
    light = {**palette, "paper": charts.paper}
    fixed = {"chart-paper": charts.paper, "chart-ink": charts.ink, "chart-muted": charts.muted}
    dark = _variables(dark_palette(palette))
    return f":root{{{_variables(light | fixed)}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def dark_palette(palette: Mapping[str, str]) -> dict[str, str]:
    """The same hues for a dark screen, text light enough to be read on both grounds."""
    grounds = {
        "paper": _toned(palette["ink"], DARK_PAPER, 0.18),
        "tint": _toned(palette["tint"], DARK_TINT, 0.31),
    }
    texts = {
        name: _readable(palette[name], grounds["paper"], grounds["tint"], least)
        for name, least in DARK_CONTRAST.items()
    }
    return {**grounds, **texts, "rule": _toned(palette["rule"], DARK_RULE, 0.15)}


def dark_charts_css(html: str, palette: Mapping[str, str], charts: Colours) -> str:
    """What charts are drawn in on a dark screen, for the colours that a page draws in.

    Colours of the palette are those of its dark one, strong ones are light enough to be seen and to carry dark text,
    pale ones dark enough to lie behind light text.
    """
    drawn = dict.fromkeys(_DRAWN.findall(html))
    if not drawn:
        return ""
    dark = dark_palette(palette)
    known = {palette[name]: tone for name, tone in dark.items() if name in palette} | {charts.paper: dark["paper"]}
    rules = [".chart{background:var(--paper);color:var(--ink)}.chart figcaption{color:var(--muted)}"]
    for colour in drawn:
        tone = known.get(colour) or _at_night(colour, dark)
        rules.append(f'.chart [fill="{colour}"]{{fill:{tone}}}.chart [stroke="{colour}"]{{stroke:{tone}}}')
    rules.append(f".chart text[data-over]{{fill:{dark['paper']}}}")
    return f"@media screen and (prefers-color-scheme:dark){{{''.join(rules)}}}\n"


def _at_night(colour: str, dark: Mapping[str, str]) -> str:
    if on_white(colour) < CONTRAST_OF_GRAPHICS:
        return _toned(colour, DARK_PALE, 0.3)
    return _readable(colour, dark["paper"], dark["tint"], CONTRAST_OF_TEXT)


def _variables(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in colours.items())


@lru_cache(maxsize=256)  # every page asks for the colours of its brand
def _readable(colour: str, paper: str, tint: str, least: float) -> str:
    """The darkest tone of a colour that reaches `least` on paper, and what text needs on the tint."""
    tones = (_toned(colour, step / 100, STRONGEST) for step in range(30, 100))
    return next(tone for tone in tones if contrast(tone, paper) >= least and contrast(tone, tint) >= CONTRAST_OF_TEXT)


def _toned(colour: str, lightness: float, strongest: float) -> str:
    """The hue of a colour at another lightness, its saturation no more than `strongest`."""
    hue, _, saturation = rgb_to_hls(*(int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)))
    return "#" + "".join(f"{round(c * 255):02x}" for c in hls_to_rgb(hue, lightness, min(saturation, strongest)))
