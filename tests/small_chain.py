"""A small chain for proving the door: two stores, few goods, a rule of each family, seats on demand.

Nothing here computes what the door checks: whoever builds a document states every figure. Each test takes
fresh seats, drawers, members and cards, so that many tests share one database and none meets another's value.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import psycopg
from psycopg.types.json import Jsonb

from tests.cluster import Connection, Shop
from tests.small_seed import CASHIER, MANAGERS, SEATS_MAX

HQ, NORTH, SOUTH = 1, 2, 3
BASE, GOLD = 1, 2
REGISTERED, BEARER = 1, 2
MILK, BREAD, RICE, REPAIR, WITHDRAWN, PENNY, STAMP = range(1, 8)
TIER, POINTS, BONUS, FEE, PROMOTION, ELSEWHERE, OVER, AHEAD, UNAPPROVED, REDEEM = range(1, 11)
NO_SHIFT: Final = frozenset({
    "shift_open", "card_activation", "stock_receipt", "adjustment", "pass_use", "card_receive",
    "card_hand_over", "card_void", "card_count", "card_lost", "card_found",
    "card_freeze", "card_unfreeze", "card_cancellation", "card_restore", "card_expiry", "member_freeze",
    "member_unfreeze", "member_cancellation", "member_restore", "card_application", "card_approval",
    "card_rejection", "card_withdrawal", "card_pin_reset", "card_pin_unlock",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """A card as a reader delivers it: its row, and the token that stands for it."""

    id: int
    token: str
    wallet: int = 0


@dataclass(slots=True)
class Seat:
    """One enrolled terminal with somebody signed in, speaking SQL to the door."""

    chain: SmallChain
    connection: Connection
    role: str
    terminal: int
    store: int
    drawer: int
    staff: int = 0
    session: int = 0
    number: int = 0
    shift: str | None = None

    def document(self, kind: str, **parts: Any) -> dict[str, Any]:
        """The body of a document as this seat would send it; `parts` override every header key."""
        self.number += 1
        body: dict[str, Any] = {
            "kind": kind, "session": self.session, "number": self.number,
            "occurred_at": "2026-11-21T10:00:00Z", "total_minor": 0,
        }  # fmt: skip
        if self.shift is not None and kind not in NO_SHIFT:
            body["shift"] = self.shift
        return {**body, **parts}

    def post(self, body: Any, id: object = None, *, call: str = "post") -> dict[str, Any]:
        """Send a body through `api.<call>`; the answer also carries the id it was sent under."""
        sent = str(id or uuid.uuid4())
        answer = self.ask(call, sent, 1, Jsonb(body))
        return {"id": sent, **answer}

    def ask(self, call: str, *parameters: object) -> dict[str, Any]:
        """What `api.<call>` answers."""
        typed = {"post": "%s::uuid, %s, %s", "resend": "%s::uuid, %s, %s", "propose": "%s::uuid, %s, %s"}
        places = typed.get(call, ", ".join(["%s"] * len(parameters)))
        row = self.connection.execute(f"select api.{call}({places})".encode(), parameters or None).fetchone()
        assert row is not None
        answer = row[0]
        assert isinstance(answer, dict), answer
        return answer

    def call(self, query: str, *parameters: object) -> Any:
        """The only value of a call whose parameters need their types written out."""
        row = self.connection.execute(query.encode(), parameters or None).fetchone()
        assert row is not None
        return row[0]

    def done(self, kind: str, **parts: Any) -> dict[str, Any]:
        """Post a document that has to be accepted."""
        answer = self.post(self.document(kind, **parts))
        assert "refused" not in answer, answer
        return answer

    def approved(self, body: Any, by: int | None = None, seat: Seat | None = None) -> str:
        """Propose a document here and let a manager approve it at another seat; the id to post it under."""
        document = uuid.uuid4()
        proposal = self.ask("propose", str(document), 1, Jsonb(body))
        assert "refused" not in proposal, proposal
        other = seat or self.chain.seat(self.store, staff=by or self.chain.managers[0])
        answer = other.ask("approve", document, bytes.fromhex(proposal["fingerprint"]))
        assert answer.get("state") == "approved", answer
        return str(document)

    def done_by_two(self, kind: str, **parts: Any) -> dict[str, Any]:
        """Post a document that has to be accepted once a manager approved it."""
        body = self.document(kind, **parts)
        answer = self.post(body, self.approved(body))
        assert "refused" not in answer, answer
        return answer

    def open_shift(self, counted: int = 50000) -> dict[str, Any]:
        """Open the drawer's shift with a float of `counted` fen."""
        answer = self.done("shift_open", counted_minor=counted, total_minor=counted)
        self.shift = answer["id"]
        return answer

    def sign_in(self, staff: int) -> None:
        """Attach a new session of `staff` to this connection, as `api.sign_in_finish` does."""
        self.staff = staff
        self.session = self.chain.session(staff, self.terminal)
        self.attach(self.session)

    def attach(self, session: int) -> None:
        """Make `session` the one of this connection."""
        self.chain.run(
            "insert into sec.attached select %s, b.backend_start, %s from pg_stat_get_activity(%s) b"
            " on conflict (pid) do update"
            " set backend_start = excluded.backend_start, session = excluded.session",
            self.connection.info.backend_pid, session, self.connection.info.backend_pid,
        )  # fmt: skip


@dataclass(slots=True)
class SmallChain:
    """One database with the small chain, its superuser, and the seats handed out to the running test."""

    shop: Shop
    admin: Connection
    managers: tuple[int, int] = (0, 0)
    cashier: int = 0
    _idle: dict[str, Connection] = field(default_factory=dict)
    _taken: int = 0
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, query: str, *parameters: object) -> None:
        """Change something as the superuser."""
        self.admin.execute(query.encode(), parameters or None)

    def rows(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        """What the superuser reads."""
        return self.admin.execute(query.encode(), parameters or None).fetchall()

    def value(self, query: str, *parameters: object) -> Any:
        """The first column of the first row that the superuser reads."""
        return self.rows(query, *parameters)[0][0]

    def begin_test(self) -> None:
        """Every seat is free again; a connection that the last test spoilt is replaced when next taken."""
        self._taken = 0

    def login(self) -> str:
        """The next free login role of the running test."""
        self._taken += 1
        assert self._taken <= SEATS_MAX
        return f"proof_{self._taken:02}"

    def connection(self, role: str) -> Connection:
        """An idle connection of `role`, kept from test to test because a fresh one has everything to plan."""
        kept = self._idle.get(role)
        if kept is None or kept.closed or kept.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
            if kept is not None:
                kept.close()
            self._idle[role] = kept = self.shop.connect(role)
        return kept

    def seat(self, store: int = NORTH, *, drawer: int | None = None, staff: int | None = None) -> Seat:
        """A newly enrolled terminal with a drawer of its own (or a shared one) and the cashier signed in."""
        role = self.login()
        if drawer is None:
            drawer = self.value("insert into shop.drawer(store, name) values (%s, 'd') returning id", store)
        self.run("update sec.terminal set role = 'retired_' || id where role = %s", role)
        code = self.value(
            "select lpad((count(*) %% 999 + 1)::text, 3, '0') from sec.terminal where store = %s", store
        )
        terminal = self.value(
            "insert into sec.terminal(role, store, code, drawer) values (%s, %s, %s, %s) returning id",
            role, store, code, drawer,
        )  # fmt: skip
        seat = Seat(self, self.connection(role), role, terminal, store, drawer)
        seat.sign_in(self.cashier if staff is None else staff)
        return seat

    def open_seat(self, store: int = NORTH, **how: Any) -> Seat:
        """A seat whose drawer has an open shift with a float of 500.00."""
        seat = self.seat(store, **how)
        seat.open_shift()
        return seat

    def session(self, staff: int, terminal: int) -> int:
        """A staff session as `api.sign_in_finish` makes it."""
        return int(self.value(
            "insert into sec.session(staff, terminal, resume_hash) values (%s, %s, %s) returning id",
            staff, terminal, uuid.uuid4().bytes,
        ))  # fmt: skip

    def person(self, duty: str, *units: int) -> int:
        """Somebody with this duty in these units."""
        number = 10100 + next(self._serial)
        return int(self.value(
            "insert into sec.staff(number, name, duty, units, verifier) values (%s, '某', %s, %s, %s)"
            " returning id", str(number), duty, list(units), hashlib.sha256(str(number).encode()).digest(),
        ))  # fmt: skip

    def member(self, tier: int = BASE, *, kind: str = "person", unknown: bool = False) -> int:
        """A member of the chain whose identity document was seen, unless `unknown`."""
        number = f"M{next(self._serial):06}"
        insert = (
            "insert into shop.member(number, name, tier, kind, id_no_index) values (%s, '张三', %s, %s, %s)"
            " returning id"
        )
        seen = None if unknown else hashlib.sha256(number.encode()).digest()
        return int(self.value(insert, number, tier, kind, seen))

    def blank(self, card_type: int = REGISTERED) -> Card:
        """A card out of the box, with one token."""
        number = f"8{next(self._serial):07}"
        token = hashlib.sha256(number.encode()).digest()
        insert = "insert into shop.card(number, type, state) values (%s, %s, 'blank') returning id"
        card = int(self.value(insert, number, card_type))
        self.run("insert into shop.card_token(kind, hmac, card) values ('number', %s, %s)", token, card)
        return Card(card, token.hex())

    def card(self, seat: Seat, *, tier: int = BASE, principal: int = 0, bonus: int = 0) -> Card:
        """An active card of a new member: issued, activated and topped up at `seat`."""
        blank = self.blank()
        holder = self.member(tier)
        issued = seat.done(
            "card_issue", cards=[move(blank, "blank", "issued", holder=holder)], fees=[FEE_DUE],
            tenders=[cash(1000)], total_minor=1000,
        )  # fmt: skip
        card = Card(blank.id, blank.token, issued["wallet"])
        seat.done("card_activation", cards=[move(card, "issued", "active")])
        if principal:
            grants = [{"kind": "bonus", "rule": BONUS, "version": 1, "amount": bonus}] if bonus else []
            seat.done(
                "top_up", wallet=card.wallet, tenders=[cash(principal)], grants=grants, total_minor=principal
            )
        return card

    def give_points(self, seat: Seat, card: Card, amount: int) -> None:
        """Points out of nothing, corrected onto a wallet by two people."""
        rows = [{"account": "points", "amount": amount}]
        seat.done_by_two(
            "adjustment", wallet=card.wallet, corrections=rows, reason="given", total_minor=amount
        )

    def balances(self, wallet: int) -> dict[str, int]:
        """What stands on a wallet's accounts."""
        return dict(self.rows("select kind, balance from ledger.account where wallet = %s", wallet))

    def lots(self, wallet: int, kind: str) -> list[int]:
        """What is left in each lot of an account, oldest lot first; empty lots are not listed."""
        query = (
            "select l.remaining from ledger.lot l join ledger.account a on a.id = l.account"
            " where a.wallet = %s and a.kind = %s and l.remaining > 0 order by l.id"
        )
        return [remaining for (remaining,) in self.rows(query, wallet, kind)]

    def card_state(self, card: Card) -> str:
        """The state of a card."""
        return str(self.value("select state from shop.card where id = %s", card.id))

    @contextlib.contextmanager
    def policy(self, **columns: object) -> Iterator[None]:
        """Other settings of the chain for a while."""
        names = list(columns)
        was = self.rows(f"select {', '.join(names)} from shop.chain")[0]
        change = f"update shop.chain set {', '.join(f'{name} = %s' for name in names)}"
        self.run(change, *columns.values())
        try:
            yield
        finally:
            self.run(change, *was)

    @contextlib.contextmanager
    def expired(self, card: Card, kind: str) -> Iterator[None]:
        """The lots of one account of a wallet are past their term for a while."""
        shift = (
            "update ledger.lot l set expires_at = expires_at + %s from ledger.account a"
            " where a.id = l.account and a.wallet = %s and a.kind = %s"
        )
        self.run(shift, timedelta(days=-900), card.wallet, kind)
        try:
            yield
        finally:
            self.run(shift, timedelta(days=900), card.wallet, kind)

    @contextlib.contextmanager
    def in_state(self, card: Card, state: str) -> Iterator[None]:
        """A card is in another state for a while, as a kind of a later day will put it."""
        self.run("update shop.card set state = %s where id = %s", state, card.id)
        try:
            yield
        finally:
            self.run("update shop.card set state = 'active' where id = %s", card.id)

    def drawer_cash(self, seat: Seat) -> int:
        """What should lie in the seat's drawer."""
        return int(self.value("select balance from ledger.account where drawer = %s", seat.drawer))

    def on_hand(self, product: int, store: int = NORTH) -> int:
        """Thousandths of a product that stand in a store."""
        query = "select coalesce(sum(qty_milli), 0) from ledger.on_hand where store = %s and product = %s"
        return int(self.value(query, store, product))


def move(card: Card, was: str, now: str, **more: int) -> dict[str, Any]:
    """One row of `cards`."""
    return {"card": card.id, "was": was, "now": now, **more}


def cash(amount: int, **more: int) -> dict[str, Any]:
    """A cash tender."""
    return {"kind": "cash", "amount_minor": amount, **more}


def stored(card: Card, amount: int) -> dict[str, Any]:
    """A demand on the stored value of a card's wallet."""
    return {"kind": "stored", "wallet": card.wallet, "amount_minor": amount}


def by_points(card: Card, amount: int, points: int | None = None, **more: int) -> dict[str, Any]:
    """Points of a card's wallet that pay `amount`; by the rule of the chain five fen cost one point."""
    count = -(-amount // 5) if points is None else points
    named = {"points": count, "rule": REDEEM, "version": 1, **more}
    return {"kind": "points", "wallet": card.wallet, "amount_minor": amount, **named}


def bank(amount: int, reference: str = "4711") -> dict[str, Any]:
    """A tender of the card terminal."""
    return {"kind": "bank_card", "amount_minor": amount, "reference": reference}


def proof(card: Card, **more: str) -> dict[str, Any]:
    """The card as it was presented."""
    return {"wallet": card.wallet, "token_kind": "number", "token": card.token, **more}


def line(n: int, product: int, qty: int, price: int, value: int, total: int | None = None) -> dict[str, int]:
    """One row of `lines`; without `total` nothing was taken off its value."""
    return {
        "n": n, "product": product, "qty_milli": qty, "price_minor": price, "value_minor": value,
        "total_minor": value if total is None else total,
    }  # fmt: skip


def off(
    n: int, source: str, amount: int, rule: int | None = None, version: int | None = None
) -> dict[str, Any]:
    """One row of `adjustments`."""
    named = {} if rule is None else {"rule": rule, "version": version}
    return {"line": n, "source": source, "amount_minor": amount, **named}


def points(amount: int) -> dict[str, Any]:
    """A grant of points by the rule of the chain."""
    return {"kind": "points", "rule": POINTS, "version": 1, "amount": amount}


def tax(code: str, rate: int, base: int, amount: int) -> dict[str, Any]:
    """One row of `taxes`."""
    return {"code": code, "rate_bp": rate, "base_minor": base, "amount_minor": amount}


def pairs(answer: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Debit, credit and amount of each posting of a result, in order."""
    return [(p["debit"], p["credit"], p["amount"]) for p in answer["postings"]]


NO_PIN: Final = {"pin_floor_minor": 10**12, "pin_floor_day_minor": 10**12}
FEE_DUE: Final = {"code": "issue", "rule": FEE, "version": 1, "amount_minor": 1000}
BREAD_LINE: Final = line(1, BREAD, 1000, 350, 350)


def open_chain(shop: Shop) -> SmallChain:
    """The small chain in a database that holds its rows."""
    chain = SmallChain(shop, shop.connect())
    staff = dict(chain.rows("select number, id from sec.staff"))
    chain.cashier, chain.managers = staff[CASHIER], (staff[MANAGERS[0]], staff[MANAGERS[1]])
    return chain
