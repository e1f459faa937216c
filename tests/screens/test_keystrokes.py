"""Keystroke budgets: what the issue promises, measured over the running app."""

from __future__ import annotations

from tests.keystrokes import TASKS, measured


async def test_the_commonest_tasks_keep_to_their_keys_and_ask_once() -> None:
    assert len(TASKS) == 25
    for task, cost in await measured(drawn_too=False):
        assert task.most is None or cost.keys <= task.most, (task.name, cost)
        if "Last sale" in task.shows:
            scans = sum(token.startswith("scan:88") for token in task.keys)
            assert cost.round_trips <= 2 + scans, (task.name, cost)
