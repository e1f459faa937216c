"""A random walk over the running app while its database comes and goes: nothing is stuck, nothing lost.

The long one goes over two bad lines: test_walk_over_ssh.py.
The seed is printed; give it with HUIYUAN_WALK_SEED to walk the same way again.
"""

from __future__ import annotations

import asyncio
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import pytest
from textual.widgets import Input

from huiyuan.repositories.verify import verify
from huiyuan.screens import home as home_screen
from huiyuan.screens.home import HomeScreen
from huiyuan.screens.outage import outage_of, works_offline
from huiyuan.screens.result import ResultScreen
from tests import facts
from tests.cluster import Shop
from tests.days.test_first_day import CASHIER, counter
from tests.faults.proxy import Proxy
from tests.screens.walk import Walk

WORDS: Final = (
    *("COLA-330", "3*COLA-330", "OIL-5", "0.5*COLA-330", facts.GOLD_CARD.number),
    *("1001", "200", "5", "kl", "李", ""),
)
KEYS: Final = (*(f"f{n}" for n in range(2, 10)), "ctrl+k", "ctrl+l", "ctrl+o", "ctrl+r", "ctrl+g", "tab")
MOVES: Final = ("up", "down", "pageup", "pagedown", "home", "end", "backspace", "ctrl+u")
SALE: Final = ("escape", "escape", "escape", "f2", "COLA-330", "f2", "", "")
BACK_WITHIN: Final = 60
SENT_EVERY_S: Final = 0.5
DOUBLED: Final = (
    "select number from ledger.document where kind = 'sale' group by terminal, number having count(*) > 1"
)
KINDS: Final = ("fair", "fair", "cut", "down", "killed", "slow", "lost_request", "lost_answer")
KILL: Final = """select pg_terminate_backend(pid) from pg_stat_activity
  where datname = %s and application_name like 'huiyuan%%'"""
STANDING: Final = "select id::text, count(*), max(total_minor) from ledger.document group by id"
SALES: Final = "select count(*), coalesce(sum(total_minor), 0) from ledger.document where kind = 'sale'"


@dataclass
class Weather:
    """What happens to the line while keys are pressed; every third key finds another weather."""

    proxy: Proxy
    shop: Shop
    chance: random.Random
    base_ms: float = 0.0
    happened: dict[str, int] = field(default_factory=dict)

    def change(self) -> None:
        kind = self.chance.choice(KINDS)
        self.happened[kind] = self.happened.get(kind, 0) + 1
        proxy = self.proxy
        proxy.refuse_connections = kind == "down"
        proxy.delay_ms = self.base_ms + (40 if kind == "slow" else 0)
        if kind in {"cut", "down"}:
            proxy.cut_all()
        elif kind == "killed":
            self.shop.rows(KILL, self.shop.dbname)
        elif kind == "lost_request":
            proxy.arm("cut_before_request")
        elif kind == "lost_answer":
            proxy.arm("cut_before_answer")

    def clear(self) -> None:
        """The line is back, and stays."""
        self.proxy.refuse_connections = False
        self.proxy.delay_ms = self.base_ms
        with self.proxy._lock:
            self.proxy._armed.clear()


def next_keys(chance: random.Random) -> list[str]:
    """Mostly anything; now and then the keys of a whole sale, so that something is booked."""
    kind = chance.random()
    if kind < 0.12:
        return [each for word in SALE for each in ([word] if word in {"f2", "escape"} else [*word, "enter"])]
    if kind < 0.3:
        return [*chance.choice(WORDS), "enter"]
    if kind < 0.55:
        return [chance.choice(KEYS)]
    return [chance.choice(MOVES)] if kind < 0.8 else [chance.choice(("enter", "escape", "escape"))]


@dataclass
class Book:
    """What the counter said stands: the document's id and its total."""

    stands: dict[str, int] = field(default_factory=dict)

    def look(self, walk: Walk) -> None:
        """A result that is on the screen is a promise."""
        for screen in walk.app.screen_stack:
            if isinstance(screen, ResultScreen):
                self.stands[str(screen.document.id)] = screen.posted.total_minor


async def to_home(walk: Walk) -> None:
    """From anywhere to the home screen with an open shift, by the keys of a person; the line is good."""
    for _ in range(BACK_WITHIN):
        await walk.settle()
        if walk.name == "HomeScreen":
            shop = cast("HomeScreen", walk.app.screen).shop
            if outage_of(shop) is not None:  # what was sold without the line goes first, by itself
                await asyncio.sleep(SENT_EVERY_S)
            elif works_offline(shop):  # signed in without the line: the card's money wants the server's word
                await walk.press("ctrl+y", "c")
            elif shop.shift is not None:
                return
            else:
                await walk.press("f4")
                await walk.type("200")
                await walk.past_result()
        elif walk.name in {"SignInScreen", "SwitchSheet"}:
            for typed in walk.app.screen.query(Input):
                typed.value = ""
            walk.app.screen.query(Input).first().focus()
            await walk.type(CASHIER)
            await walk.type(CASHIER)
        else:
            leave = {"Confirm": "enter", "ResultScreen": "enter", "BasketBack": "f9"}.get(walk.name, "escape")
            await walk.press(leave)
        await asyncio.sleep(0.1)
    raise AssertionError(f"no way home:\n{walk.text}")


async def calm(walk: Walk, weather: Weather, book: Book) -> None:
    """A spell without faults: a sale for cash, one from a card, and a top-up."""
    weather.clear()
    await to_home(walk)
    await walk.press("f2")
    if walk.name == "BasketBack":
        await walk.press("f9")
    await finished(walk, book, "COLA-330\n", "f2", "20\n")
    await finished(walk, book, "COLA-330\n", facts.PLAIN_CARD.number + "\n", "f2", "f3", "enter")
    await to_home(walk)
    await walk.press("f3")
    await finished(walk, book, facts.PLAIN_CARD.number + "\n", "50\n", "enter")
    await to_home(walk)


async def finished(walk: Walk, book: Book, *keys: str) -> None:
    """Press what ends in a result; it stands."""
    for key in keys:
        if key.endswith("\n"):
            await walk.type(key[:-1])
        else:
            await walk.press(key)
        book.look(walk)
    assert walk.name == "ResultScreen", walk.text
    await walk.past_result()


async def walk_on(
    walk: Walk, weather: Weather, chance: random.Random, book: Book, *, keys: int, calm_every: int
) -> set[str]:
    """Press `keys` keys, and have a calm spell whenever `calm_every` were; the screens that were seen."""
    seen, pressed, calms = {walk.name}, 0, 0
    while pressed < keys:
        if pressed // calm_every > calms:
            calms += 1
            await calm(walk, weather, book)
        if chance.random() < 0.3:
            weather.change()
        keys_now = next_keys(chance)
        for key in keys_now:
            walk.send(key)
            pressed += 1
            book.look(walk)
            if keys_now[0] == "escape" and key in {"escape", "f2", "enter"}:
                await asyncio.sleep(0.05)  # a sale wants its answers between the keys
        await asyncio.sleep(0.01)
        seen.add(walk.name)
        if walk.name == "SignInScreen":  # signed out, or asked for it
            for word in (CASHIER, CASHIER):
                walk.send(*word, "enter")
                await asyncio.sleep(0.1)
        assert walk.app.is_running, walk.text
        assert walk.app._exception is None
    return seen


async def a_stormy_day(
    shop: Shop,
    proxy: Proxy,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    keys: int,
    seed: int,
    calm_every: int,
) -> None:
    chance = random.Random(seed)
    weather, book = Weather(proxy, shop, chance), Book()
    monkeypatch.setattr(home_screen, "DRAIN_EVERY_S", SENT_EVERY_S)
    async with counter(shop, home, monkeypatch, line=proxy, patience_s=2) as walk:
        await walk.sign_in(CASHIER)
        await walk.press("f4")
        await walk.type("200")
        await walk.past_result()
        seen = await walk_on(walk, weather, chance, book, keys=keys, calm_every=calm_every)
        weather.clear()
        await to_home(walk)
        await walk.press("f2")
        await walk.type("OIL-5")
        assert walk.shows("  ¥129.00")  # in whichever language the keys left it; the counter goes with it
    async with counter(shop, home, monkeypatch) as walk:
        await walk.settle()
        assert not walk.app.shop.door.unsettled()
        assert walk.app.shop.door.parked() == ()
        await walk.type(CASHIER)
        await walk.type(CASHIER)
        assert walk.shows("已恢复", "合计  ¥129.00")
    assert shop.rows(DOUBLED) == []
    kept_promises(shop, book)
    assert len(book.stands) >= 3 * (keys // calm_every - 1)
    assert verify(shop.admin_url) == ()
    ((count, total),) = shop.rows(SALES)
    told = ", ".join(f"{name} {times}" for name, times in sorted(weather.happened.items()))
    os.write(2, f"\nwalk {seed}: {keys} keys, {len(seen)} screens, {count} sales {total}; {told}\n".encode())
    assert len(seen) > 4, seen
    assert {"cut", "down"} <= set(weather.happened)


def kept_promises(shop: Shop, book: Book) -> None:
    """Whatever the counter said stands is in the ledger once, with its total."""
    standing = {id: (count, total) for id, count, total in shop.rows(STANDING)}
    assert {id: standing.get(id) for id in book.stands} == {id: (1, n) for id, n in book.stands.items()}


def seed_of_this_run(usual: int | None = None) -> int:
    """What the environment says, else the usual one, else any."""
    chosen = os.environ.get("HUIYUAN_WALK_SEED") or usual
    return int(chosen) if chosen is not None else random.SystemRandom().randrange(10**6)


async def test_300_keys_while_the_database_comes_and_goes(
    shop: Shop, proxy: Proxy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_stormy_day(shop, proxy, tmp_path, monkeypatch, keys=300, seed=seed_of_this_run(7), calm_every=150)
