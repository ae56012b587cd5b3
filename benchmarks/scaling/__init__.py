"""A week of many couples on paper: the bot's own planner asks, people answer, messages wait for their turn."""
