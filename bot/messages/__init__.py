"""What the bot says: cards, buttons, markup, words in every language."""
