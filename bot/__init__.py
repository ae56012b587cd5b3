"""Side by Side: a Telegram bot for two people who want to be close and stay themselves."""
