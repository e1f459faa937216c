"""Which database a sub-command works on: the one asked for, or the server that this machine brings along."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from huiyuan.tui.context import CommandContext

if TYPE_CHECKING:
    from huiyuan.repositories.embedded import EmbeddedServer


@contextlib.contextmanager
def embedded_server(context: CommandContext) -> Iterator[EmbeddedServer]:
    """This machine's own server, for as long as the block runs.

    Raises:
        EmbeddedServerError: It cannot run.
    """
    from huiyuan.repositories.embedded import EmbeddedServer

    with EmbeddedServer(context.paths.postgres) as server:
        yield server


@contextlib.contextmanager
def admin_database(context: CommandContext) -> Iterator[str]:
    """The owner's URL: the address asked for as it stands, or the embedded server's superuser.

    Raises:
        EmbeddedServerError: It cannot run.
    """
    if context.database_url is not None:
        yield context.database_url
        return
    with embedded_server(context) as server:
        yield server.admin_url()
