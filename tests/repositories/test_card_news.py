"""A counter with a card in hand hears that another one stopped it, on the line it has, without asking."""

from __future__ import annotations

import queue
import threading
from pathlib import Path

from huiyuan.domain.usecases.card_life import card_move_document
from huiyuan.repositories.card_desk import DatabaseCardDesk
from huiyuan.repositories.card_news import CardNews
from huiyuan.repositories.demo import DEMO_INDEX_KEY
from huiyuan.repositories.demo_data import CARDS
from tests import facts
from tests.cluster import Shop
from tests.counters import open_counter

HEARD_WITHIN_S = 20.0


def test_a_counter_hears_of_a_card_that_another_one_stopped(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    card = next(each for each in CARDS if each.state == "active" and each.member)
    with (
        open_counter(shop.url(facts.TILL_1), tmp_path / "one") as here,
        open_counter(shop.url(facts.TILL_2), tmp_path / "two") as there,
    ):
        for counter in (here, there):
            counter.start()
        opened = here.reads.open_card(token_kind="number", text=card.number)
        heard: queue.Queue[tuple[int, str, int]] = queue.Queue()
        news = CardNews(here.read_line)
        news.watch(lambda *what: heard.put(what))
        news.start()
        assert any(each.name == "card news" for each in threading.enumerate())
        desk = DatabaseCardDesk(there.read_line.ask, token_of=DEMO_INDEX_KEY.token)
        life = desk.card(token_kind="number", text=card.number)
        lost = next(each for each in life.moves if each.kind == "card_lost")
        there.door.post(card_move_document(there.stamp(), life, lost, reason="stolen"))

        card_id, state, terminal = heard.get(timeout=HEARD_WITHIN_S)

        assert (card_id, state) == (opened.id, "lost")
        assert terminal != here.seat.hello().terminal.id
        again = here.reads.open_card(token_kind="number", text=card.number)
        assert again.state == "lost", "the line answers as before"
        news.stop()
