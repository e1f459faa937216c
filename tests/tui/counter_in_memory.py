"""The counter over the shop in memory, as a process behind a terminal: every screen is one walk away.

Run by tests/tui/test_budgets.py. What a terminal cannot say (which screen is on top, whether it rests) is
said on a pipe, when a signal asks.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from huiyuan.screens import result
from huiyuan.tui.app import CounterApp
from huiyuan.tui.driver import driver_for
from tests.screens.test_fit import prepared


class AskedCounter(CounterApp):
    """Says what it does when it is asked."""

    def answer(self) -> None:
        """The name of the screen on top, and whether anything is under way."""
        screen = self.screen
        busy = self.moving or any(worker.is_running for worker in self.workers)
        undrawn = screen._layout_required or bool(screen._dirty_widgets)
        os.write(int(os.environ["ANSWERS"]), f"{type(screen).__name__} {int(busy or undrawn)}\n".encode())


def main(lang: str) -> None:
    vars(result)["LEAST_SHOWN_S"] = 0.05
    fake = prepared()
    app = AskedCounter(fake.shop(lang), report_crash=str, driver_class=driver_for("cells"))
    fake.door.watch(app.document_state)
    fake.print_jobs.watch(app.print_job)

    def listen() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, app.answer)

    app.begin = listen
    app.run(mouse=False)
    sys.exit(app.return_code or 0)


if __name__ == "__main__":
    main(sys.argv[1])
