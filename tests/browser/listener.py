"""A bot in a process of its own that reads everything and says nothing."""

import json
import os
import urllib.request

ADDRESS = f"{os.environ['BOT_API_URL']}/bot{os.environ['BOT_TOKEN']}/getUpdates?timeout=20&offset="
offset = 0
while True:
    with urllib.request.urlopen(f"{ADDRESS}{offset}") as response:
        updates = json.load(response)["result"]
    offset = max((update["update_id"] + 1 for update in updates), default=offset)
