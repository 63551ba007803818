"""The command line's door: ``python -m bot`` and ``digestbot``."""


def main() -> None:
    """Run the command line."""


if __name__ == "__main__":
    main()
