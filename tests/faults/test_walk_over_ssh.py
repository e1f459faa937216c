"""A long random walk over a bad line: the counter over ssh, its database over another line of the same kind.

Both wires carry 64 kbit/s each way and answer after 300 ms; the database's is cut, dead, loses requests and
answers, its backends are killed, the server itself is stopped at once and started again. Now and then the
terminal's line is cut, or the counter is killed, over a basket. What is looked at: whatever the screen said
stands is in the ledger once; whatever was in the basket is there again at the next sign-in; nothing of a
counter that went runs on; no crash report; the ledger verifies.

The seed is printed; HUIYUAN_WALK_SEED gives another than the usual one
(`HUIYUAN_WALK_SEED=4 make soak TESTS=tests/faults/test_walk_over_ssh.py`).
"""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from huiyuan.repositories.demo_data import TERMINALS
from huiyuan.repositories.embedded import EmbeddedServer
from huiyuan.repositories.verify import verify
from tests import facts, ssh
from tests.cluster import Shop
from tests.faults.driver import restart
from tests.faults.proxy import Proxy
from tests.faults.test_walk_with_faults import DOUBLED, SALES, Weather, next_keys, seed_of_this_run
from tests.ssh import Branch, branch, missing
from tests.terminal import MAIN, Terminal
from tests.terminals import BYTES_OF
from tests.tui.test_over_ssh import LINES, gone_within, processes_in

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

ROLE: Final = TERMINALS[0].role
ROUND_TRIP_MS: Final = 300
BYTES_PER_S: Final = 8000
"""64 kbit/s."""
KEYS: Final = 2000
DEATHS: Final = 4
RESTARTS: Final = 2
PACE_S: Final = 0.04
QUIET_S: Final = 0.35
ECHO_WITHIN_S: Final = 1.5
GONE_WITHIN_S: Final = 6
"""Two seconds, and the line that brings the news; a busy machine."""
LAGS_S: Final = 2.0
"""How far behind the keys a counter may be at such a line."""
STEPS_HOME: Final = 25
BASKET_TRIES: Final = 5
SENT_TRIES: Final = 10
LINE_IS_BACK: Final = "网络已恢复"
USUAL_SEED: Final = 77
ANSWERS: Final = 20
"""So many quiet spells an answer may take."""
GOODS: Final = ("COLA-330", "OIL-5", "MILK-1L", "2*SOY-500")
QUICK: Final = "import huiyuan.tui.wiring as each; each.PATIENCE_S = 2; "
FORGETFUL: Final = (
    "from huiyuan.repositories.counter.baskets import CounterBaskets as each; each.keep = lambda *_: None; "
)
CUT, KILL, TERM = "line cut", "killed", "told to end"
RECEIPT: Final = re.compile(r"小票号\s*S01-01-(\d{6})")
TOTAL: Final = re.compile(r"合计\s+(¥[\d,]+\.\d\d)")
NUMBERS: Final = "select number, count(*) from ledger.document where session is not null group by number"


@dataclass
class Counter:
    """The counter over there, as the person before the terminal knows it."""

    far: Branch
    settings: dict[str, str]
    terminal: Terminal
    receipts: set[int] = field(default_factory=set)
    happened: dict[str, int] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    looked: int = 0

    @property
    def text(self) -> str:
        return self.terminal.text

    @property
    def title(self) -> str:
        """What stands in the second row: the screen's name."""
        return (self.text.splitlines()[1].split() or [""])[0]

    @property
    def at_home(self) -> bool:
        """Home with nothing over it: its own keys stand in the last row."""
        return self.title == "主菜单" and "退出登录" in self.text.splitlines()[-1]

    @property
    def all_sent(self) -> bool:
        """Nothing on this counter waits for the line, and nobody sits here whom the server has not seen."""
        return "离线" not in self.text.splitlines()[0]

    @property
    def in_pin_field(self) -> bool:
        """By the terminal's own cursor."""
        return "密码" in self.text.splitlines()[self.terminal.screen.cursor.y]

    def look(self, for_s: float) -> None:
        """Take what comes, and remember every receipt that was told."""
        self.terminal.read(for_s)
        for seen in self.terminal.seen[self.looked :]:
            self.receipts |= {int(number) for number in RECEIPT.findall(seen)}
        self.looked = len(self.terminal.seen)
        self.titles.add(self.title)
        assert self.terminal.process.poll() is None, f"it ended by itself:\n{self.text}"

    def rest(self) -> None:
        """Until nothing came for a while; an answer takes more than one round trip."""
        length = -1
        while length != len(self.terminal.received):
            length = len(self.terminal.received)
            self.look(QUIET_S)

    def send(self, *keys: str) -> None:
        """Names of keys, or single characters, in one packet."""
        self.terminal.send(b"".join(BYTES_OF.get(key, key.encode()) for key in keys))

    def do(self, *keys: str) -> None:
        """Press, and wait for what comes of it."""
        before, until = len(self.terminal.received), time.monotonic() + ECHO_WITHIN_S
        self.send(*keys)
        while len(self.terminal.received) == before and time.monotonic() < until:
            self.look(0.05)
        self.rest()

    def wait_until(self, done: Callable[[], bool]) -> bool:
        """Look on until it is so, or an answer would have come."""
        for _ in range(ANSWERS):
            if done():
                return True
            self.look(QUIET_S)
        return done()

    def sign_in(self) -> None:
        """On the sign-in, whatever stands in its fields."""
        if self.title == "Sign":
            self.do("f8")
        for _ in range(ANSWERS):
            if self.title != "登录":
                return
            if self.in_pin_field and re.search(rf"工号\s+{facts.CASHIER.number}\b", self.text):
                break
            if self.in_pin_field:
                self.do("tab")
            self.do("end", "ctrl+u", *facts.CASHIER.number, "enter")
        self.do("end", "ctrl+u", *facts.CASHIER.pin, "enter")
        self.wait_until(lambda: self.title != "登录")
        self.rest()

    def step_home(self) -> None:
        """One step of a person who wants to be home."""
        last = self.text.splitlines()[-1]
        if self.title in {"登录", "Sign"} and not re.search("Esc  (返回|Back)", last):
            self.sign_in()  # with nothing over it
        elif LINE_IS_BACK in self.text:
            self.do(*facts.CASHIER.pin, "enter")
        elif "要在本机退出登录吗" in self.text:
            self.do("escape")  # an Esc too many over a slow line
        elif "Enter  是" in last or "继续" in last or "完成" in last:
            self.do("enter")
        else:
            self.do("escape")

    def go_home(self) -> None:
        """Home, with an open shift."""
        self.rest()
        for _ in range(STEPS_HOME):
            if not self.at_home:
                self.step_home()
            elif "这个钱箱还没有开班" in self.text:
                self.do("f4")
                self.do(*"200", "enter")
            else:
                return
        raise AssertionError(f"no way home:\n{self.text}")

    def fill_basket(self, chance: random.Random) -> str:
        """Some goods; the total that the screen shows for them."""
        codes = chance.sample(GOODS, chance.randint(1, 3))
        for _ in range(BASKET_TRIES):
            self.go_home()
            self.do("f2")
            self.wait_until(lambda: not self.at_home)
            if "清空" in self.text.splitlines()[-1] or TOTAL.search(self.text):
                self.do("f9")
            if self.title != "销售" or "请扫商品或会员卡" not in self.text:
                continue  # what was pressed before had not arrived yet
            self.do(*(key for code in codes for key in (*code, "enter")))
            self.wait_until(lambda: f"{len(codes)} 行" in self.text)
            self.rest()
            if (found := TOTAL.search(self.text)) and f"{len(codes)} 行" in self.text:
                return found[1]
        raise AssertionError(f"no basket:\n{self.text}")

    def die(self, kind: str) -> None:
        """Its line is cut, it is killed or told to end; nothing of it is left behind."""
        self.happened[kind] = self.happened.get(kind, 0) + 1
        home = self.settings["HUIYUAN_HOME"]
        if kind == CUT:
            self.far.line.cut()
        else:
            for process in ours(home):
                os.kill(process, signal.SIGKILL if kind == KILL else signal.SIGTERM)
        self.terminal.ended()
        self.terminal.close()
        gone_within(home, GONE_WITHIN_S)

    def come_back(self) -> None:
        """A new connection to where it was."""
        self.terminal, self.looked = self.far.terminal(self.settings), 0
        self.terminal.wait_for("登录", "在线", within_s=40)
        self.rest()

    def basket_is_back(self, total: str) -> None:
        """Signed in again, all keys in one packet, with the same in the basket."""
        self.do(*facts.CASHIER.number, "enter", *facts.CASHIER.pin, "enter")
        for _ in range(BASKET_TRIES):  # a busy machine
            if self.wait_until(lambda: total in TOTAL.findall(self.text) and "已恢复" in self.text):
                break
        else:
            raise AssertionError(f"lost: a basket of {total}\n{self.text}")


def ours(home: str) -> list[int]:
    """Processes with their files in `home`."""
    return [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if _environment(folder).count(f"HUIYUAN_HOME={home}".encode())
    ]


def _environment(folder: Path) -> list[bytes]:
    try:
        return (folder / "environ").read_bytes().split(b"\0")
    except OSError:
        return []


@dataclass
class Place:
    """Database, its line, and the counter's files."""

    shop: Shop
    proxy: Proxy
    far: Branch
    settings: dict[str, str]
    servers: list[EmbeddedServer] = field(default_factory=list)

    def counter(self) -> Counter:
        """Connected; the lines are as bad as they will be."""
        self.far.line.delay_s = self.proxy.delay_ms / 1000
        self.far.line.bytes_per_s = self.proxy.bytes_per_s = BYTES_PER_S
        counter = Counter(self.far, self.settings, self.far.terminal(self.settings))
        counter.terminal.wait_for("登录", "在线", within_s=60)
        return counter


@pytest.fixture
def place(own_shop: Shop, tmp_path: Path) -> Iterator[Place]:
    home = tmp_path / "home"
    home.mkdir()
    with Proxy.before(own_shop) as proxy, branch(tmp_path / "ssh") as far:
        proxy.delay_ms = ROUND_TRIP_MS / 2
        url = proxy.url(ROLE)
        settings = {"HUIYUAN_DATABASE_URL": url, "HUIYUAN_HOME": str(home), "HUIYUAN_LANG": "zh_CN"}
        found = Place(own_shop, proxy, far, settings)
        try:
            yield found
        finally:
            for server in found.servers:
                server.leave()


def a_sale(counter: Counter) -> None:
    """In a calm spell: goods, cash, and the receipt."""
    told = len(counter.receipts)
    counter.do(*"COLA-330", "enter")
    counter.do("f2")
    counter.do(*"500", "enter")
    if not counter.wait_until(lambda: len(counter.receipts) > told):
        raise AssertionError(f"not sold:\n{counter.text}")


def over_a_basket(counter: Counter, weather: Weather, chance: random.Random, kind: str) -> None:
    """Whatever ends the counter: the basket is back, and is sold."""
    weather.clear()
    counter.look(LAGS_S)
    total = counter.fill_basket(chance)
    counter.send(*chance.choice((("up",), ("1",), ("down", "down"), ("k", "l"))))
    counter.die(kind)
    counter.come_back()
    counter.basket_is_back(total)
    a_sale(counter)


def walk_on(counter: Counter, place: Place, weather: Weather, chance: random.Random, keys: int) -> None:
    """Press `keys` keys in any weather, with deaths and restarts spread among them."""
    deaths = [CUT, KILL, *(chance.choice((CUT, CUT, KILL, TERM)) for _ in range(DEATHS - 2))]
    restarts, died, pressed = 0, 0, 0
    while pressed < keys:
        if pressed * DEATHS > keys * (died + 0.5):
            over_a_basket(counter, weather, chance, deaths[died])
            died += 1
        if pressed * (RESTARTS + 1) > keys * (restarts + 1):
            place.servers.append(restart(place.shop))
            restarts += 1
        if chance.random() < 0.2:
            weather.change()
        group = next_keys(chance)
        counter.send(*group)
        pressed += len(group)
        counter.look(PACE_S * min(len(group), 4))
        if counter.title in {"登录", "Sign"}:
            weather.clear()
            counter.go_home()
    counter.happened |= {"server stopped": restarts}


def looked_through(place: Place, counter: Counter) -> None:
    """What a person and an auditor find afterwards."""
    shop, home = place.shop, place.settings["HUIYUAN_HOME"]
    for _ in range(SENT_TRIES):  # what was sold without the line goes out by itself, each quarter of a minute
        counter.go_home()
        if counter.wait_until(lambda: counter.all_sent or LINE_IS_BACK in counter.text) and counter.all_sent:
            break
    assert counter.all_sent, counter.text
    assert "没有答复" not in counter.text, counter.text
    counter.die(CUT)
    for _ in range(100):
        if shop.rows(LINES, shop.dbname) == [(0,)]:
            break
        time.sleep(0.05)
    assert shop.rows(LINES, shop.dbname) == [(0,)]
    assert processes_in(home) == []
    assert not list(Path(home).rglob("crash*"))
    standing = {int(str(number)): count for number, count in shop.rows(NUMBERS)}
    assert {number: standing.get(number) for number in counter.receipts} == dict.fromkeys(counter.receipts, 1)
    assert shop.rows(DOUBLED) == []
    assert verify(shop.admin_url) == ()


@pytest.mark.soak
def test_2000_keys_over_two_lines_of_64_kbit_and_300_ms_that_break(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = seed_of_this_run(USUAL_SEED)
    os.write(2, f"\nwalk over ssh, seed {seed}\n".encode())
    began, chance = time.monotonic(), random.Random(seed)
    monkeypatch.setattr(ssh, "MAIN", QUICK + MAIN)
    counter = place.counter()
    weather = Weather(place.proxy, place.shop, chance, base_ms=ROUND_TRIP_MS / 2)
    walk_on(counter, place, weather, chance, KEYS)
    weather.clear()
    looked_through(place, counter)
    ((count, total),) = place.shop.rows(SALES)
    happened = {**weather.happened, **counter.happened}
    told = ", ".join(f"{name} {times}" for name, times in sorted(happened.items()))
    os.write(
        2,
        f"walk over ssh {seed}: {KEYS} keys in {time.monotonic() - began:.0f} s, {len(counter.titles)}"
        f" titles, {len(counter.receipts)} receipts told, {count} sales {total}; {told}\n".encode(),
    )
    assert len(counter.receipts) > DEATHS
    assert len(counter.titles) > 4, counter.titles


@pytest.mark.soak
def test_control_a_basket_that_is_not_kept_is_missed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh, "MAIN", FORGETFUL + QUICK + MAIN)
    chance = random.Random(7)
    with pytest.raises(AssertionError, match="lost: a basket of"):
        over_a_basket(place.counter(), Weather(place.proxy, place.shop, chance), chance, KILL)
