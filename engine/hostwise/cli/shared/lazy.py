"""Command groups whose sub-commands are imported when they are run, so that `--help` is instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Table = Mapping[str, Mapping[str, tuple[str, str]]]
"""Section → sub-command → where it is (`module:function`) and its line in the help, as a newcomer needs them."""


OUTPUTS = ("output", "outputs")
"""What the parameter is called, in every command, that names the files to be written."""


def _sparing_inputs(command: click.Command, callback: Callable[..., Any]) -> Callable[..., Any]:
    """A command that writes over none of the files that it was given to read, under whatever name."""
    paths = [str(each.name) for each in command.params if isinstance(each.type, click.Path)]

    @wraps(callback)
    def spared(*args: Any, **given: Any) -> Any:
        outputs = [path for name in OUTPUTS for path in _each(given.get(name))]
        if outputs:
            from hostwise.reading.files.beside import refuse_inputs

            inputs = [path for name in paths if name not in OUTPUTS for path in _each(given.get(name))]
            for output in outputs:
                refuse_inputs(output, inputs)
        return callback(*args, **given)

    spared.spares_inputs = True  # type: ignore[attr-defined]
    return spared


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else () if value is None else (value,)


class LazyGroup(click.Group):
    """A click group that imports a sub-command only when it is run; help and completion need no import.

    `moved` maps what a sub-command was called once, in one word or two, to what to write now; `guessed` what it never
    was called.
    """

    def __init__(
        self,
        *args: Any,
        sections: Table,
        moved: Mapping[str, str] | None = None,
        guessed: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sections = sections
        self.table = {name: entry for section in sections.values() for name, entry in section.items()}
        self.moved, self.guessed = moved or {}, guessed or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the sub-commands in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one sub-command."""
        if cmd_name not in self.table:
            return None
        module, _, name = self.table[cmd_name][0].partition(":")
        command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)
        if command.callback is not None and not hasattr(command.callback, "spares_inputs"):
            command.callback = _sparing_inputs(command, command.callback)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Say what a sub-command is called now, or the nearest one, when the name is not known."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.table:
            ctx.fail(self._unknown(name, " ".join(args[:2])))
        return super().resolve_command(ctx, args)

    def _unknown(self, name: str, with_next: str) -> str:
        for old in (with_next, name):
            if old in self.moved:
                return f"{old} is now: {self.moved[old]}"
            if old in self.guessed:
                return f"no such command {old!r}; write: {self.guessed[old]}"
        from hostwise.reading.findings.suggest import nearest

        near = nearest(name, self.table)
        hint = f" Did you mean {near!r}?" if near else ""
        return f"no such command {name!r}.{hint}"

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the sub-commands under their headings, without importing them; texts start in one column."""
        widest = max(map(len, self.table))
        for title, entries in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(widest), text) for name, (_, text) in entries.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete the name of a sub-command, or of an option of the group itself."""
        return [*self._named(incomplete), *click.Command.shell_complete(self, ctx, incomplete)]

    def _named(self, incomplete: str) -> Iterator[CompletionItem]:
        from click.shell_completion import CompletionItem

        for name, (_, text) in self.table.items():
            if name.startswith(incomplete):
                yield CompletionItem(name, help=text)
