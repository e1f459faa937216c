"""How a wallet stood at a moment, against a replay of its documents that knows nothing of entries and lots.

Between the moments a rule changes twice, a card is replaced and the member rises to another tier.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from huiyuan.repositories.value_books import DatabaseValueBooks
from tests import facts
from tests.cluster import Shop
from tests.faults.proxy import Proxy
from tests.lives import replacing
from tests.refusals import standing
from tests.small_chain import (
    BONUS,
    NO_PIN,
    PENNY,
    SOUTH,
    Card,
    Seat,
    SmallChain,
    cash,
    line,
    points,
    proof,
    stored,
)
from tests.tills import open_till


def clock(chain: SmallChain) -> datetime:
    """The server's."""
    at: datetime = chain.value("select clock_timestamp()")
    return at


def reader(chain: SmallChain) -> Seat:
    """Somebody who may look at members."""
    chain.run("insert into sec.duty values ('looks', '客服') on conflict do nothing")
    chain.run(
        "insert into sec.permission(duty, permission) values ('looks', 'members') on conflict do nothing"
    )
    return chain.seat(staff=chain.person("looks", 1))


class Life:
    """A wallet's life over two stores, and what was done to rules and tier when."""

    def __init__(self, chain: SmallChain, seed: int, steps: int) -> None:
        self.chain = chain
        self.random = random.Random(seed)
        self.seats = [chain.open_seat(), chain.open_seat(SOUTH)]
        self.began = clock(chain)
        self.card = chain.card(self.seats[0])
        self.wallet = self.card.wallet
        self.member = chain.value("select member from shop.wallet where id = %s", self.wallet)
        self.other = chain.card(self.seats[1], principal=5000)
        self.tiers: list[tuple[datetime, str]] = [(self.began, "普通")]
        self.rule = chain.value("insert into shop.rule(family, name) values ('points', '时光') returning id")
        self.versions: list[tuple[datetime, int]] = []
        with chain.policy(**NO_PIN):
            for n in range(steps):
                if n == steps // 4 or n == steps // 2:
                    self.change_rule()
                if n == steps // 3:
                    self.replace()
                if n == steps * 2 // 3:
                    self.rise()
                self.step()

    def step(self) -> None:
        seat, draw = self.random.choice(self.seats), self.random.random()
        if draw < 0.3:
            amount = self.random.choice([700, 20000])
            grants = [{"kind": "bonus", "rule": BONUS, "version": 1, "amount": 2000}] if amount > 9999 else []
            seat.post(
                seat.document(
                    "top_up", wallet=self.wallet, tenders=[cash(amount)], grants=grants, total_minor=amount
                )
            )
        elif draw < 0.8:
            amount = self.random.choice([3, 500, 6100])
            body = seat.document(
                "sale", wallet=self.wallet, lines=[line(1, PENNY, amount * 1000, 1, amount)],
                tenders=[stored(self.card, amount)], proofs=[proof(self.card)], total_minor=amount,
                **({"grants": [points(amount // 100)]} if amount >= 100 else {}),
            )  # fmt: skip
            sold = seat.post(body)
            if "refused" not in sold and self.random.random() < 0.4:
                lines = [{"n": 1, "of": 1, "qty_milli": amount * 1000}]
                seat.post(
                    seat.document("return", of=sold["id"], reason="broken", lines=lines, total_minor=amount)
                )
        else:
            row = {"wallet": self.wallet, "taker": self.other.wallet, "amount_minor": 300}
            proofs = [proof(self.card), proof(self.other)]
            seat.post(seat.document("value_transfer", transfers=[row], proofs=proofs, total_minor=300))

    def change_rule(self) -> None:
        at = clock(self.chain)
        self.chain.run(
            "update shop.rule_version set valid_to = %s where rule = %s and valid_to is null", at, self.rule
        )
        version = len(self.versions) + 1
        self.chain.run(
            "insert into shop.rule_version(rule, version, valid_from, points_rate) values (%s, %s, %s, 1)",
            self.rule, version, at,
        )  # fmt: skip
        self.versions.append((at, version))

    def replace(self) -> None:
        fresh = self.chain.blank()
        assert "refused" not in self.seats[0].post(replacing(self.seats[0], self.card, fresh))
        self.card = Card(fresh.id, fresh.token, self.wallet)

    def rise(self) -> None:
        """As the form does: the record, and before and after of the change."""
        self.chain.run(
            "with c as (insert into shop.member_change(member, staff, terminal, store, before, after) values"
            " (%s, %s, %s, 2, '{\"tier\": \"普通\"}', '{\"tier\": \"金卡\"}') returning at)"
            " update shop.member set tier = 2 where id = %s",
            self.member, self.seats[0].staff, self.seats[0].terminal, self.member,
        )  # fmt: skip
        at = self.chain.value("select max(at) from shop.member_change where member = %s", self.member)
        self.tiers.append((at, "金卡"))

    def replay(self, at: datetime) -> dict[str, Any]:
        """What the documents up to then say of the wallet, told by what the door answered to each."""
        accounts = dict(self.chain.rows("select id, kind from ledger.account where wallet = %s", self.wallet))
        balances: dict[str, int] = defaultdict(int)
        lots: dict[int, int] = defaultdict(int)
        cards: dict[int, str] = {}
        rows = self.chain.rows(
            "select d.body, d.result from ledger.document d where d.posted_at <= %s order by d.posted_at", at
        )
        for body, result in rows:
            for move in result.get("lots") or ():
                if move["account"] in accounts:
                    lots[move["lot"]] += move["delta"]
                    balances[accounts[move["account"]]] += move["delta"]
            for row in body.get("cards") or ():
                if (
                    row.get("wallet") == self.wallet
                    or result.get("wallet") == self.wallet
                    or row["card"] in cards
                ):
                    cards[row["card"]] = row["now"]
        live = {
            lot
            for (lot,) in self.chain.rows(
                "select id from ledger.lot where id = any (%s) and (expires_at is null or expires_at > %s)",
                list(lots), at,
            )
        }  # fmt: skip
        return {
            "balances": {kind: amount for kind, amount in balances.items() if amount},
            "lots": {lot: left for lot, left in lots.items() if left and lot in live},
            "cards": cards,
            "tier": [tier for since, tier in self.tiers if since <= at][-1:],
            "version": [version for since, version in self.versions if since <= at][-1:],
        }


def shown(answer: dict[str, Any], rule: int) -> dict[str, Any]:
    """The same out of the one answer."""
    return {
        "balances": {row["kind"]: row["balance"] for row in answer["accounts"] if row["balance"]},
        "lots": {row["id"]: row["remaining"] for row in answer["lots"]},
        "cards": {row["id"]: row["state"] for row in answer["cards"]},
        "tier": [answer["member"]["tier"]],
        "version": [
            row["version"] for row in answer["rules"] if row["rule"] == rule and row["family"] != "law"
        ],
    }


def moments(life: Life, count: int, seed: int) -> list[datetime]:
    """Random moments of a life."""
    whole = clock(life.chain) - life.began
    drawn = random.Random(seed)
    return [life.began + timedelta(microseconds=int(whole / timedelta(microseconds=1) * drawn.random()))
            for _ in range(count)]  # fmt: skip


def compare(chain: SmallChain, life: Life, count: int, seed: int) -> None:
    desk = reader(chain)
    for at in moments(life, count, seed):
        answer = desk.call("select api.as_of(%s::bigint, %s)", life.wallet, at)
        assert "refused" not in answer, answer
        assert shown(answer, life.rule) == life.replay(at), at
        for row in answer["accounts"]:
            (entry,) = chain.rows(
                "select coalesce(sum(delta), 0)::bigint, coalesce(max(seq), 0) from ledger.entry"
                " where account = %s and posted_at <= %s", row["id"], at,
            )  # fmt: skip
            assert (row["balance"], row["seq"]) == entry, "each figure opens to the entries that make it"


def test_fifty_moments_are_as_their_documents_say(chain: SmallChain) -> None:
    compare(chain, Life(chain, 11, 24), 50, 5)


@pytest.mark.soak
def test_a_thousand_moments_are_as_their_documents_say(quiet_chain: SmallChain) -> None:
    compare(quiet_chain, Life(quiet_chain, random.randrange(10**9), 120), 1000, random.randrange(10**9))


def test_a_moment_is_asked_by_who_may_and_lies_behind(chain: SmallChain, seat: Seat) -> None:
    card = chain.card(seat, principal=100)
    desk = reader(chain)
    before = standing(chain)
    ask = "select api.as_of(%s::bigint, {})"
    assert seat.call(ask.format("now()"), card.wallet)["refused"] == "not_permitted"
    assert desk.call(ask.format("now() + interval '1 s'"), card.wallet)["refused"] == "malformed"
    assert desk.call(ask.format("'infinity'"), card.wallet)["refused"] == "malformed"
    assert desk.call(ask.format("null"), card.wallet)["refused"] == "malformed"
    assert desk.call(ask.format("now()"), 10**9)["refused"] == "unknown_wallet"
    early = desk.call(ask.format("now() - interval '1 year'"), card.wallet)
    assert (early["cards"], early["lots"]) == ([], [])
    assert {row["balance"] for row in early["accounts"]} == {0}
    assert standing(chain) == before


def test_a_moment_is_one_round_trip(shop: Shop, proxy: Proxy) -> None:
    till = open_till(shop, 1)
    token = bytes.fromhex(till.session["token"])
    wallet = facts.wallet_id(facts.GOLD_CARD)
    with psycopg.connect(proxy.url(facts.TILL_1), autocommit=True) as line:
        assert line.execute("select api.resume(%s)", (token,)).fetchone()

        def ask(statement: str, parameters: Sequence[object] = ()) -> Any:
            row = line.execute(statement.encode(), parameters).fetchone()
            return None if row is None else row[0]

        books = DatabaseValueBooks(ask)
        proxy.reset_count()
        found = books.as_of(wallet, datetime.now(UTC) - timedelta(seconds=1))
        assert proxy.count.round_trips == 1
    till.connection.close()
    assert {each.kind: each.balance for each in found.accounts}["principal"] == 100_000
    assert (found.member_name, found.tier) == ("张伟", "金卡")
    assert [each.state for each in found.cards] == ["active"], "it came in without a document"
    assert sum(lot.remaining for lot in found.lots if lot.account == "principal") == 100_000
    assert {rule.family for rule in found.rules} >= {"points", "law"}
