"""Updates pushed to a webhook, one after the other, until each is taken."""

import asyncio
import json

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.playground.updates import Updates, Waiting

_ANSWER_WITHIN = ClientTimeout(total=10)
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 5.0
_TAKEN = range(200, 300)


async def push_updates(updates: Updates) -> None:
    """Push for as long as this runs; a refused update is tried again with growing pauses."""
    async with ClientSession(timeout=_ANSWER_WITHIN) as session:
        pause = _FIRST_PAUSE
        while True:
            update = await updates.to_push()
            if await _push(session, updates, update):
                updates.confirm(update.id)
                pause = _FIRST_PAUSE
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)


async def _push(session: ClientSession, updates: Updates, update: Waiting) -> bool:
    headers = {"Content-Type": "application/json"}
    if updates.webhook_secret:
        headers["X-Telegram-Bot-Api-Secret-Token"] = updates.webhook_secret
    try:
        async with session.post(updates.webhook_url, data=json.dumps(update.body), headers=headers) as response:
            status = response.status
            await response.read()
    except (ClientError, OSError, TimeoutError) as error:
        _note(updates, f"Connection failed: {type(error).__name__}")
        return False
    if status not in _TAKEN:
        _note(updates, f"Wrong response from the webhook: {status}")
    return status in _TAKEN


def _note(updates: Updates, message: str) -> None:
    updates.webhook_error = {"last_error_date": int(updates.now().timestamp()), "last_error_message": message}
