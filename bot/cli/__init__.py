"""The command line, a module a command."""

import click

from bot.cli.check import check
from bot.cli.preview import preview
from bot.cli.publish import publish
from bot.cli.run import run
from bot.cli.sandbox import sandbox
from bot.cli.search import search


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="digestbot")
def cli() -> None:
    """Distribute daily digests on Telegram.

    Try it without a token: digestbot sandbox
    """


for command in (run, sandbox, check, preview, search, publish):
    cli.add_command(command)
