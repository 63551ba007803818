"""The edge inwards: what people say to the bot."""
