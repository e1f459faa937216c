"""Approvals that wait, told at home while somebody is there who may sign them."""

from __future__ import annotations

from collections.abc import Callable

from textual import on

from huiyuan.config.i18n import msg
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.waiting import SomethingMoved


class ApprovalHint(AskingScreen[None]):
    """Listens while home is on top and whoever is there may approve; named after the screen's own base."""

    end_listening: Callable[[], None] | None = None

    def listen(self) -> None:
        """Once, and only for who may sign."""
        if self.shop.signed is not None and self.shop.may("approve") and self.end_listening is None:
            self.end_listening = self.shop.approvals.watch(self.hear_approval)

    def hear_approval(self) -> None:
        """In the thread that listens."""
        self.post_message(SomethingMoved())

    def on_screen_suspend(self) -> None:
        """Another screen is on top."""
        self.stop_listening()

    def on_unmount(self) -> None:
        """Nobody is here any more."""
        self.stop_listening()

    def stop_listening(self) -> None:
        """Once."""
        end, self.end_listening = self.end_listening, None
        if end is not None:
            end()

    @on(SomethingMoved)
    def count_approvals(self) -> None:
        """The server says how many."""
        ask(self, self.shop.sign_in.hello, then=messages.Greeted, subject="hello")

    def approvals_text(self) -> str:
        """How many wait."""
        count = self.shop.hello.approvals if self.shop.hello is not None and self.shop.may("approve") else 0
        return self.say(msg("{count} approvals wait for you (^Y 1)."), count=count) if count else ""
