"""This machine's own server is killed under a running counter: the next sale brings it back."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from huiyuan.domain.model.errors import Unreachable
from huiyuan.repositories.connection import Line
from tests import facts
from tests.cluster import Shop
from tests.counters import Counter, open_counter


def kill_server(shop: Shop) -> None:
    pid = shop.server.server_pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + 10
    while shop.server.server_pid() is not None and time.monotonic() < until:
        time.sleep(0.05)


def with_revive(line: Line, shop: Shop) -> None:
    line._settings = replace(line._settings, revive=shop.server.revive)


def opened(counter: Counter) -> Counter:
    counter.start()
    counter.open_shift()
    return counter


def test_a_sale_after_the_server_was_killed_brings_it_back_and_is_booked_once(
    own_shop: Shop, tmp_path: Path
) -> None:
    with open_counter(own_shop.url(facts.TILL_1), tmp_path) as counter:
        with_revive(counter.post_line, own_shop)
        document = opened(counter).sale()
        kill_server(own_shop)
        posted = counter.door.post(document)
        assert posted.id == document.id
    assert own_shop.rows("select count(*) from ledger.document where kind = 'sale'") == [(1,)]


def test_the_control_without_reviving_stays_unreachable(own_shop: Shop, tmp_path: Path) -> None:
    with open_counter(own_shop.url(facts.TILL_1), tmp_path, patience_s=2) as counter:
        document = opened(counter).sale()
        kill_server(own_shop)
        counter.post_line.close()
        with pytest.raises(Unreachable):
            counter.door.post(document)
    own_shop.server.revive()
    assert own_shop.rows("select count(*) from ledger.document where kind = 'sale'") == [(0,)]
