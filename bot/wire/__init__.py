"""How the bot reaches Telegram: updates in, deliveries out."""
