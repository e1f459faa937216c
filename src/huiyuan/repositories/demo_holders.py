"""A day at the third store of the whole demo chain: who got cards of the newer types, and what they did.

Always true: every step is a document of that seat, in one shift that was counted and closed; a second call,
or one after a kill, sends only what does not stand yet. Only services are sold: the shelves are empty yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from huiyuan.domain.model.taxes import tax_rows
from huiyuan.repositories.card_book import CONTACT, REPORTER
from huiyuan.repositories.demo_card_types import (
    COFFEE,
    COFFEE_MONTH,
    GIFT,
    GROUP,
    INSTALMENTS,
    SUPPLEMENTARY,
    TEN_COFFEES,
    YEAR,
)
from huiyuan.repositories.demo_coupons import MANAGER, SECOND
from huiyuan.repositories.demo_seat import DemoSeat, seated
from huiyuan.repositories.sealing import seal
from huiyuan.repositories.secrets import DataKey, IndexKey

MAIN_CARD: Final = "88000005"
"""Its holder lets somebody else draw on it, by a supplementary card with limits of its own."""
COFFEE_CARD: Final = "88000004"
"""Ten coffees were bought with it, and half of them are left."""
FOR_THE_FAMILY: Final = SUPPLEMENTARY.numbers(21, 1)[0]
COMPANY, FOR_A_CLERK, LOST = GROUP.numbers(21, 3)
FOR_A_YEAR: Final = YEAR.numbers(21, 1)[0]
A_GIFT: Final = GIFT.numbers(21, 1)[0]

HOLDERS: Final = {  # member, and whose wallet it opens beside
    FOR_THE_FAMILY: (6, MAIN_CARD),
    COMPANY: (12, None),
    FOR_A_CLERK: (7, COMPANY),
    LOST: (2, COMPANY),
    FOR_A_YEAR: (3, None),
    A_GIFT: (None, None),
}
CALLER: Final = ((REPORTER, "王芳"), (CONTACT, "16000009999"))
"""Who reported the lost card, and a number that nobody has."""
FLOAT_MINOR: Final = 50_000
SILVER: Final = "银卡 95 折"
SILVER_BP: Final = 500
POINTS: Final = "消费积分 1 元 1 分"
FROM_200: Final = "充 200 送 10%"
DELIVERY: Final = "DELIVER"
_FIRST: Final = UUID("01980000-0000-7000-8000-0000da700000")
_CASE: Final = UUID("01980000-0000-7000-8000-0000ca5e0001")


def seed_holders(connection: Connection[Any], *, role: str, index_key: IndexKey, data_key: DataKey) -> None:
    """Live that day at the seat of `role`. The connection is a superuser's."""
    with seated(connection, role, staff=MANAGER, second=SECOND) as seat:
        day = _Day(connection, seat, index_key)
        day.opens()
        for number, (holder, main) in HOLDERS.items():
            day.issues(number, holder, main)
        day.activates(list(HOLDERS))
        day.limits(FOR_THE_FAMILY, sale_max_minor=5_000, day_max_minor=10_000)
        day.tops_up(COMPANY, 50_000, INSTALMENTS, 1_000)
        day.tops_up(A_GIFT, 20_000, FROM_200, 2_000)
        for number, codes in (
            (FOR_THE_FAMILY, {COFFEE: 1}),
            (FOR_A_CLERK, {COFFEE: 2}),
            (LOST, {COFFEE: 1, DELIVERY: 1}),
        ):
            day.sells(number, codes)
        for number, name, uses in ((FOR_A_YEAR, COFFEE_MONTH, (1,)), (COFFEE_CARD, TEN_COFFEES, (2, 2, 1))):
            day.sells_pass(number, name)
            for count in uses:
                day.uses_pass(number, name, count)
        day.reports_lost(LOST, data_key)
        day.closes()


class _Day:
    """The steps of the day; each document has the next id, whether it is sent or stands."""

    def __init__(self, connection: Connection[Any], seat: DemoSeat, index_key: IndexKey) -> None:
        self._connection = connection
        self._seat = seat
        self._index_key = index_key
        self._step = 0

    def _row(self, query: str, *parameters: object) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self._connection.execute(query.encode(), parameters).fetchone()
        assert row is not None, query
        return row

    def _post(self, kind: str, total: int, rest: Mapping[str, Any], *, signed: bool = False) -> UUID:
        """The document of this step, sent unless it stands; answers its id."""
        self._step += 1
        document = UUID(int=_FIRST.int + self._step)
        self._seat.post(document, kind, total, rest, signed=signed)
        return document

    def _card(self, number: str) -> tuple[int, int]:
        """The card and the wallet that it opens."""
        card, wallet = self._row("select c.id, c.wallet from shop.card c where c.number = %s", number)
        return card, wallet

    def _rule(self, name: str) -> dict[str, int]:
        return {"rule": self._row("select id from shop.rule where name = %s", name)[0], "version": 1}

    def _proof(self, number: str, wallet: int) -> dict[str, Any]:
        token = self._index_key.token("number", number).hex()
        return {"wallet": wallet, "token_kind": "number", "token": token, "source": "typed"}

    def opens(self) -> None:
        """A shift with its float."""
        self._seat.shift = self._post("shift_open", FLOAT_MINOR, {"counted_minor": FLOAT_MINOR})

    def closes(self) -> None:
        """The drawer is counted, and nothing is missing."""
        (counted,) = self._row(
            "select a.balance from ledger.account a join shop.drawer w on w.id = a.drawer"
            " join sec.terminal t on t.drawer = w.id where a.kind = 'cash' and t.role = %s",
            self._seat.role,
        )
        self._post("shift_close", counted, {"counted_minor": counted})

    def issues(self, number: str, holder: int | None, main: str | None) -> None:
        """A blank card with its fees; a second person signs for one onto somebody else's wallet."""
        card, _ = self._card(number)
        wallet = self._card(main)[1] if main else None
        ask = "select api.issue_fees(%s::bigint, %s::bigint, %s::bigint)"
        fees = self._seat.ask(ask, card, holder, wallet)["fees"]
        move = {"card": card, "was": "blank", "now": "issued", "holder": holder, "wallet": wallet}
        total = sum(fee["amount_minor"] for fee in fees)
        rest = {"cards": [_told(move)], "fees": fees, "tenders": [_cash(total)]}
        self._post("card_issue", total, rest, signed=main is not None)

    def activates(self, numbers: list[str]) -> None:
        """All of them at once."""
        moves = [{"card": self._card(each)[0], "was": "issued", "now": "active"} for each in numbers]
        self._post("card_activation", 0, {"cards": moves})

    def limits(self, number: str, *, sale_max_minor: int, day_max_minor: int) -> None:
        """What this one card may spend."""
        ask = "select api.card_limit_put(%s::bigint, %s::bigint, %s::bigint, null)"
        self._seat.ask(ask, self._card(number)[0], sale_max_minor, day_max_minor)

    def tops_up(self, number: str, amount: int, rule: str, bonus: int) -> None:
        """In cash, with what of the rule's bonus comes at once."""
        grant = {"kind": "bonus", "amount": bonus, **self._rule(rule)}
        rest = {"wallet": self._card(number)[1], "tenders": [_cash(amount)], "grants": [grant]}
        self._post("top_up", amount, rest)

    def sells(self, number: str, pieces: Mapping[str, int]) -> None:
        """Services at the price of a silver member, paid by the stored value of the card."""
        _, wallet = self._card(number)
        query = (
            "select p.id, ledger.price_now(p.id, t.store, now()), p.tax_code, x.rate_bp from shop.product p"
            " join shop.tax x on x.code = p.tax_code join sec.terminal t on t.role = %s where p.code = %s"
        )
        lines, adjustments, taxed = [], [], []
        for n, (code, count) in enumerate(pieces.items(), start=1):
            product, price, tax, rate = self._row(query, self._seat.role, code)
            value = price * count
            off = value * SILVER_BP // 10_000
            row = {"n": n, "product": product, "qty_milli": count * 1_000, "price_minor": price}
            lines.append({**row, "value_minor": value, "total_minor": value - off})
            tier = {"line": n, "source": "tier", "amount_minor": off, **self._rule(SILVER)}
            adjustments.append(tier)
            taxed.append((tax, rate, value - off))
        total = sum(each for _, _, each in taxed)
        points = {"kind": "points", "amount": total // 100, **self._rule(POINTS)}
        rest = {
            "wallet": wallet,
            "lines": lines,
            "adjustments": adjustments,
            "taxes": [asdict(each) for each in tax_rows(taxed)],
            "tenders": [{"kind": "stored", "amount_minor": total, "wallet": wallet}],
            "grants": [points],
            "proofs": [self._proof(number, wallet)],
        }
        self._post("sale", total, rest)

    def sells_pass(self, number: str, name: str) -> None:
        """One whole pass, in cash."""
        rule = self._rule(name)
        query = "select v.body from shop.rule_version v where v.rule = %s"
        (body,) = self._row(query, rule["rule"])
        grant = {"kind": "pass", "amount": body.get("count", 1), **rule}
        rest = {"wallet": self._card(number)[1], "tenders": [_cash(body["price_minor"])], "grants": [grant]}
        self._post("pass_sale", body["price_minor"], rest)

    def uses_pass(self, number: str, name: str, count: int) -> None:
        """By the card presented."""
        _, wallet = self._card(number)
        used = {"rule": self._rule(name)["rule"], "count": count}
        rest = {"wallet": wallet, "passes": [used], "proofs": [self._proof(number, wallet)]}
        self._post("pass_use", 0, rest)

    def reports_lost(self, number: str, data_key: DataKey) -> None:
        """Somebody calls and is called back; every store refuses the card, and the case waits for its end."""
        card, _ = self._card(number)
        sealed = [seal(data_key, text, member=card, field=field) for field, text in CALLER]
        ask = "select api.card_case_open(%s, %s::bigint, 'lost', %s, %s, %s)"
        self._seat.ask(ask, _CASE, card, "持卡人来电：在公交车上丢失", *sealed)
        step = "select api.card_case_step(%s, %s, %s, null)"
        self._seat.ask(step, _CASE, "call_back", False)
        rest = {"cards": [{"card": card, "was": "active", "now": "lost"}], "reason": "公交车上丢失"}
        self._post("card_lost", 0, rest)
        self._seat.ask(step, _CASE, None, True)


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without what is not said."""
    return {key: value for key, value in row.items() if value is not None}


def _cash(amount: int) -> dict[str, Any]:
    return {"kind": "cash", "amount_minor": amount, "given_minor": amount}
