"""A network that fails at the worst moment: a statement arrives, its answer does not."""

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def cutting_proxy(server: Path, *, before_answer_to: bytes) -> Iterator[int]:
    """A port that leads to the server's socket; the first connection is cut when that statement was answered."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_serve, args=(door, server, before_answer_to), daemon=True).start()
        yield door.getsockname()[1]


def _serve(door: socket.socket, server: Path, statement: bytes) -> None:
    with suppress(OSError):  # the door was closed: the test is over
        while True:
            client, _ = door.accept()
            with client, socket.socket(socket.AF_UNIX) as upstream:
                upstream.connect(str(server))
                _pass_on(client, upstream, statement)


def _pass_on(client: socket.socket, upstream: socket.socket, statement: bytes) -> None:
    cut = False
    while True:
        for end in select.select([client, upstream], [], [])[0]:
            data = end.recv(65536)
            if not data or (end is upstream and cut):
                return
            cut = cut or (end is client and statement in data)
            (upstream if end is client else client).sendall(data)
