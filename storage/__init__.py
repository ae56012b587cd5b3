"""What the bot keeps: tables, units, keys, sealed words and the queries over them."""
