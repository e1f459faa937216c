"""The Approvals port: questions over the reading line, and a line of its own that hears what moved.

Always true: nothing is polled while the line stands; what is heard is an id at most, and who hears it asks
the server what it means; a line that breaks is made again, and something may have moved meanwhile.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Final
from uuid import UUID

import psycopg

from huiyuan.domain.model.approval import ProposalNews, Proposed
from huiyuan.repositories.connection import Line, LineSettings
from huiyuan.repositories.sign_in import accepted

CHANNEL: Final = "huiyuan_approvals"
LOOK_S: Final = 0.5
AGAIN_S: Final = 5
_log = logging.getLogger(__name__)


class DatabaseApprovals:
    """Fills the Approvals port.

    Args:
        line: asks, with the session that is signed in.
        settings: where the line that listens goes.
    """

    def __init__(self, line: Line, settings: LineSettings) -> None:
        self._line = line
        self._settings = settings

    def look(self, asked: Proposed) -> None:
        """This person has it open."""
        values = (asked.document, bytes.fromhex(asked.fingerprint))
        accepted(self._line.ask("select api.proposal_look(%s, %s)", values))

    def news(self, asked: Proposed) -> ProposalNews:
        """What became of it."""
        values = (asked.document, bytes.fromhex(asked.fingerprint))
        found = accepted(self._line.ask("select api.proposal_news(%s, %s)", values))
        return ProposalNews(found["state"], found["by"] or "", tuple(found["looking"]))

    def withdraw(self, document: UUID) -> None:
        """Nobody waits for it any more."""
        accepted(self._line.ask("select api.proposal_withdraw(%s)", (document,)))

    def watch(self, on_news: Callable[[], None]) -> Callable[[], None]:
        """Listen in a thread until what is answered is called."""
        ended = threading.Event()
        thread = threading.Thread(target=self._listen, args=(on_news, ended), name="approvals", daemon=True)
        thread.start()
        return ended.set

    def _listen(self, on_news: Callable[[], None], ended: threading.Event) -> None:
        while not ended.is_set():
            try:
                with psycopg.connect(
                    self._settings.url,
                    autocommit=True,
                    application_name=f"{self._settings.application_name} approvals",
                    connect_timeout=self._settings.connect_timeout_s,
                    keepalives=1,
                    keepalives_idle=5,
                    keepalives_interval=2,
                    keepalives_count=3,
                ) as connection:
                    connection.execute(f"listen {CHANNEL}".encode())
                    on_news()  # what moved before somebody listened
                    while not ended.is_set():
                        for _ in connection.notifies(timeout=LOOK_S, stop_after=1):
                            on_news()
            except psycopg.Error as error:
                _log.warning("approvals are not heard for a while (%s)", type(error).__name__)
                ended.wait(AGAIN_S)
