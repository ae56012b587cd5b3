"""A bot in a process of its own that echoes what it reads; knows nothing of ours."""

import json
import os
import urllib.request
from typing import Any

ADDRESS = f"{os.environ['BOT_API_URL']}/bot{os.environ['BOT_TOKEN']}"


def call(method: str, **parameters: object) -> Any:
    request = urllib.request.Request(
        f"{ADDRESS}/{method}", json.dumps(parameters).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:
        return json.load(response)["result"]


print("started")
offset = 0
while True:
    for update in call("getUpdates", offset=offset, timeout=20):
        text = update["message"]["text"]
        if text == "die":
            raise SystemExit(3)
        call("sendMessage", chat_id=update["message"]["chat"]["id"], text=text)
        offset = update["update_id"] + 1
