"""What a bot behind a webhook needs in a test: a port that stays its own, an address, a secret."""

import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass

SECRET = "only_Telegram-knows-this"
PATH = "/updates"


@dataclass(frozen=True)
class Hook:
    """Where one bot listens; `url` is where Telegram sends to, its own address unless something is between."""

    port: int
    url: str = ""

    @property
    def address(self) -> str:
        """Where the bot itself can be reached."""
        return f"http://127.0.0.1:{self.port}{PATH}"

    @property
    def settings(self) -> Mapping[str, object]:
        """The settings of that bot."""
        return {"webhook_url": self.url or self.address, "webhook_secret": SECRET, "http_port": self.port}

    @property
    def environment(self) -> Mapping[str, str]:
        """The same, as a process of its own finds them."""
        return {name.upper(): str(value) for name, value in self.settings.items()}


@contextmanager
def held_port() -> Iterator[int]:
    """A free port of this machine that nobody else is given, also while no bot listens there.

    On Linux a socket that is bound and does not listen keeps it; a bot may listen beside it.
    """
    with closing(socket.socket()) as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        holder.bind(("127.0.0.1", 0))
        port: int = holder.getsockname()[1]
        if sys.platform != "linux":
            holder.close()
        yield port
