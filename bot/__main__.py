"""The command line's door: ``python -m bot`` and ``digestbot``."""

from bot.cli import cli


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()
