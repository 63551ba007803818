"""The command line, a module a command."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

COMMANDS = ("run", "sandbox", "check", "preview", "search", "publish")
# Libraries draw these in wherever they are installed, for colours that the bot never prints.
_COLOURS = ("rich", "pygments")


class Commands(click.Group):
    """Imports a command when it is asked for: reading digests needs no network library."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the names, in the order of their importance."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command by its name, which is that of its module too."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"bot.cli.{cmd_name}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is to run; the bot, which stays, takes less memory."""
        if args[0] == "run":
            ctx.with_resource(_without(_COLOURS))
        return super().resolve_command(ctx, args)


@contextmanager
def _without(libraries: tuple[str, ...]) -> Iterator[None]:
    """Let libraries that are not in use yet pass for not installed."""
    modules: dict[str, Any] = sys.modules
    hidden = [name for name in libraries if name not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for name in hidden:
            del modules[name]


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="digestbot")
def cli() -> None:
    """Distribute daily digests on Telegram.

    Try it without a token: digestbot sandbox
    """
