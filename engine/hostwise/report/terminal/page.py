"""A page of text for the terminal: wrapped lines of a width, with colour only where it is on."""

from __future__ import annotations

from functools import lru_cache

from hostwise.report.brand.clean import one_line

BOLD, DIM, ACCENT, WARN = "1", "2", "36", "33"


class TextPage:
    """Lines of text, wrapped to a width; escape sequences only where colour is on."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = max(width, 40)
        self._colour = colour
        self._lines: list[str] = []

    def line(self, text: str, *styles: str) -> None:
        """One line, not wrapped."""
        shown = one_line(text) if "\n" in text else text
        wanted = [style for style in styles if style]
        self._lines.append(f"\x1b[{';'.join(wanted)}m{shown}\x1b[0m" if self._colour and wanted else shown)

    def text(self, text: str, *styles: str) -> None:
        """A paragraph."""
        for line in wrapped(text, self.width):
            self.line(line, *styles)

    def item(self, text: str, mark: str = "-", indent: int = 0, style: str = "") -> None:
        """A list item with a hanging indent."""
        lead = " " * (indent + 2) + mark + " "
        lines = wrapped(text, self.width - len(lead))
        for number, line in enumerate(lines):
            self.line((lead if number == 0 else " " * len(lead)) + line, style)

    def heading(self, text: str) -> None:
        """A heading after a blank line."""
        self.blank()
        self.line(text, BOLD)

    def blank(self) -> None:
        """An empty line."""
        self._lines.append("")

    def written(self) -> str:
        """Everything, ending with a newline."""
        return "\n".join(self._lines) + "\n"


NO_BREAK = "\u00a0"


@lru_cache(maxsize=512)  # a screen is written over and over, with less and less on it, until it fits
def wrapped(text: str, width: int) -> tuple[str, ...]:
    """Lines of at most `width` columns; a word is broken only where it is wider than a line.

    A number stays with its unit where a no-break space ties them; what is printed is a space, as anybody searches for.
    """
    import textwrap

    tied = NO_BREAK.join(one_line(part) for part in text.split(NO_BREAK))
    lines = textwrap.wrap(tied, max(width, 20), break_on_hyphens=False)
    return tuple(line.replace(NO_BREAK, " ") for line in lines) or ("",)
