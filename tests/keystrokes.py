"""The 25 commonest tasks of a counter over the running app: keys, typed figures, bytes, round trips.

A scan and a PIN cost no key; the Enter behind a PIN does. Figures and words that a person types (an amount, a
note, a name) are counted apart. Bytes are those to a terminal of 80x24 after each key; a round trip is one
question to the ledger.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from huiyuan.screens import result
from huiyuan.screens.widgets.rows import RowList
from tests.screens.fake_shop import CARD_PIN, FakeShop
from tests.screens.test_fit import prepared
from tests.screens.walk import Walk, home_again, walking

CARD: Final = "88000001"
SALE_OF_3: Final = ("scan:COLA", "scan:MILK", "scan:RICE")


@dataclass(frozen=True)
class Task:
    """`keys` are counted; `before` leads there and is not. `shows` stands on the screen afterwards."""

    name: str
    keys: tuple[str, ...]
    shows: str
    before: tuple[str, ...] = ()
    most: int | None = None


@dataclass(frozen=True)
class Cost:
    """What a task costs: keys, figures and words typed, bytes to the terminal, round trips."""

    keys: int
    typed: int
    bytes: int
    round_trips: int


TASKS: Final = (
    Task("cash sale of three, exact", (*SALE_OF_3, "f2", "enter", "next"), "Last sale", ("f2",), 4),
    Task("cash sale of three, change given", (*SALE_OF_3, "f2", "type:200", "enter", "enter", "next"),
         "Last sale", ("f2",), 4),
    Task("member's sale of three by stored value",
         (f"scan:{CARD}", *SALE_OF_3, "f2", "f3", "enter", "next"), "Last sale", ("f2",), 6),
    Task("the same above the PIN's floor",
         (f"scan:{CARD}", "scan:TEA", "f2", "f3", "enter", f"pin:{CARD_PIN}", "enter", "next"), "Last sale",
         ("f2",), 6),
    Task("points pay a part, the rest in cash",
         (f"scan:{CARD}", "scan:TEA", "f2", "f7", "enter", "pin-if-asked", "next"), "Last sale", ("f2",)),
    Task("bank card", ("scan:COLA", "f2", "f4", "type:1234", "enter", "enter", "next"), "Last sale", ("f2",)),
    Task("quantity of a line", ("scan:COLA", "f3", "type:3", "enter"), "10.50", ("f2",)),
    Task("three of one, typed", ("type:3*COLA", "enter"), "10.50", ("f2",)),
    Task("a line taken off", ("f4",), "12.90", ("f2", "scan:MILK", "scan:COLA")),
    Task("a price typed", ("f6", "type:3", "enter"), "*3.00", ("f2", "scan:COLA")),
    Task("a discount on a line", ("ctrl+y", "t", "type:5%", "enter"), "3.33", ("f2", "scan:COLA")),
    Task("a product by its name", ("type:可", "enter"), "可口可乐", ("f2",)),
    Task("a quick product", ("ctrl+y", "g", "c"), "可口可乐", ("f2",)),
    Task("why this price", ("ctrl+y", "y"), "3.50", ("f2", "scan:COLA")),
    Task("price check", ("ctrl+y", "i", "scan:COLA"), "3.50", ("f2",)),
    Task("a basket put aside", ("ctrl+y", "h", "enter"), "Put aside", ("f2", "scan:COLA"), 3),
    Task("a basket taken again", ("ctrl+y", "b", "enter"), "3.50",
         ("f2", "scan:COLA", "ctrl+y", "h", "enter"), 3),
    Task("another person goes on", ("ctrl+y", "w", "type:2001", "enter", "pin:2001", "enter"), "Signed in",
         ("f2", "scan:COLA")),
    Task("top-up in cash", ("f3", f"scan:{CARD}", "type:200", "enter", "f2", "enter"), "Done", (), 8),
    Task("the last sale voided", ("f8", "enter", "type:wrong", "enter"), "Done",
         ("f2", "scan:COLA", "f2", "enter", "next", "escape")),
    Task("a member's page", ("type:李娜", "enter"), "M0001"),
    Task("who served a line", ("ctrl+y", "s", "type:1002", "enter"), "@1002", ("f2", "scan:COLA")),
    Task("cash into the safe", ("f4", "f2", "2", "type:100", "enter", "type:full", "enter"), "Done"),
    Task("X report printed", ("f4", "f6"), "X"),
    Task("signed out and in", ("escape", "sign-in"), "Home"),
)  # fmt: skip


async def press(walk: Walk, token: str) -> tuple[int, int]:
    """Do one token; how many keys and typed characters it cost."""
    kind, _, text = token.partition(":")
    if kind == "scan":
        await walk.type(text)
        return 0, 0
    if kind in {"type", "pin"}:
        await walk.type(text, enter=False)
        if not text.isascii():
            await offered(walk)
        return 0, len(text) if kind == "type" else 0
    if token == "next":
        await asyncio.sleep(result.LEAST_SHOWN_S + 0.05)
        await walk.press("enter")
        return 1, 0
    if token == "pin-if-asked":
        if walk.name == "CardPin":
            await walk.type(CARD_PIN)
            return 1, 0
        await asyncio.sleep(0.7)
        await walk.press("enter")
        return 1, 0
    if token == "sign-in":
        if walk.name == "Confirm":
            await walk.press("enter")
        await walk.sign_in("2001")
        return 3, 4
    await walk.press(token)
    return 1, 0


async def offered(walk: Walk) -> None:
    """Until what a name finds is listed: a list follows when the fingers rest."""
    for _ in range(200):
        lists = [each for each in walk.app.screen.query(RowList) if each.id in {"suggestions", "found"}]
        if any(each.rows for each in lists):
            return
        await asyncio.sleep(0.02)
        await walk.settle()
    raise AssertionError(walk.text)


def drawn(walk: Walk) -> int:
    """Bytes that the terminal was sent since the last look."""
    if walk.terminals is None:
        return 0
    said, walk.said[:] = list(walk.said), []
    for piece in said:
        walk.terminals.play(piece)
    before = walk.terminals.first.bytes
    walk.terminals.catch_up()
    return walk.terminals.first.bytes - before


class Counted:
    """The shop in memory, with its questions counted."""

    def __init__(self, fake: FakeShop) -> None:
        self.trips = 0
        travel = fake.travel

        def counted() -> None:
            self.trips += 1
            travel()

        fake.travel = counted  # type: ignore[method-assign]


async def cost_of(walk: Walk, counted: Counted, task: Task) -> Cost:
    """Do the task from home, and come back."""
    for token in task.before:
        await press(walk, token)
    drawn(walk)
    keys = typed = sent = 0
    begun = counted.trips
    for token in task.keys:
        more, figures = await press(walk, token)
        keys, typed, sent = keys + more, typed + figures, sent + drawn(walk)
    trips = counted.trips - begun
    assert task.shows in walk.text, f"{task.name}: {walk.name}\n{walk.text}"
    await home_again(walk)
    return Cost(keys, typed, sent, trips)


async def measured(lang: str = "en", *, drawn_too: bool = True) -> list[tuple[Task, Cost]]:
    """Every task once, in one app; without a terminal the bytes are nothing, and it takes half the time."""
    fake = prepared()
    fake.desk.kept.clear()
    counted = Counted(fake)
    found = []
    async with walking(fake, lang, shift=False, tape=drawn_too) as walk:
        await walk.sign_in("2001")
        for task in TASKS:
            cost = await cost_of(walk, counted, task)
            found.append((task, cost))
    return found


def table(costs: list[tuple[Task, Cost]]) -> Iterator[str]:
    """Rows for the readme."""
    yield "| task | keys | typed | bytes | round trips |"
    yield "|---|---|---|---|---|"
    for task, cost in costs:
        limit = f" (at most {task.most})" if task.most else ""
        yield f"| {task.name} | {cost.keys}{limit} | {cost.typed} | {cost.bytes} | {cost.round_trips} |"
