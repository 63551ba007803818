"""A local Bot API emulator; knows nothing of the bot."""
