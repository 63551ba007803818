"""The use cases; the only openers of transactions."""
