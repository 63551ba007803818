"""digestbot distributes daily digests on Telegram."""
