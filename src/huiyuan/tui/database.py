"""Which database a sub-command works on: the one asked for, or the server that this machine brings along."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from huiyuan.config.i18n import msg
from huiyuan.tui.context import CommandContext, CommandRefused

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


def refuse_without_data(context: CommandContext) -> None:
    """A question must not make a database: asked of an empty machine it says so.

    Raises:
        CommandRefused: No address was given and this machine has no data yet.
    """
    if context.database_url is None and not (context.paths.postgres / "data").exists():
        sentence = context.tr(msg("There is no database in {folder} yet; `huiyuan run` makes one."))
        raise CommandRefused(sentence.format(folder=context.paths.postgres))


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
