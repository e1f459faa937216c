"""A TCP relay that counts turns: how often the counter spoke after the server did, whatever TLS hides."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Turns:
    """Round trips on the relay so far, without the TCP handshake; `port` is where it listens."""

    port: int
    count: int = 0


@contextlib.contextmanager
def counting_relay(address: str, port: int) -> Iterator[Turns]:
    """Relay one connection after another from a free port of `address` to `port`."""
    listener = socket.create_server((address, 0))
    turns = Turns(listener.getsockname()[1])
    threading.Thread(target=_serve, args=(listener, (address, port), turns), daemon=True).start()
    try:
        yield turns
    finally:
        listener.close()


def _serve(listener: socket.socket, target: tuple[str, int], turns: Turns) -> None:
    with contextlib.suppress(OSError):
        while True:
            counter, _ = listener.accept()
            threading.Thread(target=_relay, args=(counter, target, turns), daemon=True).start()


def _relay(counter: socket.socket, target: tuple[str, int], turns: Turns) -> None:
    with counter, socket.create_connection(target) as server, contextlib.suppress(OSError):
        ends = {counter: server, server: counter}
        servers_turn = False
        while True:
            for end in select.select(list(ends), [], [])[0]:
                piece = end.recv(65536)
                if not piece:
                    return
                if end is counter and not servers_turn:
                    turns.count += 1
                servers_turn = end is counter
                ends[end].sendall(piece)
