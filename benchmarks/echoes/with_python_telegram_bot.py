"""The bare echo of python-telegram-bot: 256 updates at once, its own HTTP client."""

import os
from typing import Any

from telegram import Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters


async def echo(update: Update, _: Any) -> None:
    """Say the same."""
    if update.effective_message is not None and update.effective_message.text:
        await update.effective_message.reply_text(update.effective_message.text)


def main() -> None:
    """Run until SIGTERM."""
    url, token = os.environ["BOT_API_URL"], os.environ["BOT_TOKEN"]
    application = ApplicationBuilder().token(token).base_url(f"{url}/bot").concurrent_updates(256).build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    application.run_polling()


if __name__ == "__main__":
    main()
