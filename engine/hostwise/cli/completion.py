"""`hostwise completion`: what a shell runs to complete the commands, their options and file names."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the script that makes SHELL complete `hostwise` with the Tab key.

    \b
    bash  put into ~/.bashrc:  eval "$(hostwise completion bash)"
    zsh   put into ~/.zshrc:   eval "$(hostwise completion zsh)"
    fish  hostwise completion fish > ~/.config/fish/completions/hostwise.fish
    """
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None  # click has all three
    script = made(ctx.find_root().command, {}, "hostwise", "_HOSTWISE_COMPLETE").source()
    # Click's script for fish cuts each description at its first comma.
    click.echo(script.replace('string split ","', 'string split --max 1 ","'))
