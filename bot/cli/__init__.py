"""The command line, a module a command."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = ("run", "sandbox", "check", "preview", "search", "publish")


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


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="digestbot")
def cli() -> None:
    """Distribute daily digests on Telegram.

    Try it without a token: digestbot sandbox
    """
