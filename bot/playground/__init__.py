"""A loopback Telegram: the Bot API on 127.0.0.1, with people and phones on the other side."""
