"""Who sits here: the calls of docs/LEDGER.md section 9 about sessions, approvals and PINs.

Functions on a psycopg connection in autocommit, one round trip each. Every one of them raises Refused with
the server's code and facts; what the driver raises (the line) goes through to the caller.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from huiyuan.domain.model.approval import Proposal, Proposed, ProposedGoods
from huiyuan.domain.model.document import SHAPE, Document
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.identity import (
    CashRule,
    Chain,
    DemoStaff,
    Hello,
    Limits,
    OpenShift,
    SignedIn,
    SlipText,
    Staff,
    Store,
    Terminal,
)
from huiyuan.domain.model.pin import check_new_pin
from huiyuan.repositories.secrets import card_key, staff_key

Connection = psycopg.Connection[Any]


def call(connection: Connection, statement: str, values: tuple[object, ...] = ()) -> Any:
    """Run one api call that answers jsonb.

    Raises:
        Refused: The answer is a refusal.
    """
    row = connection.execute(statement, values).fetchone()
    return accepted(None if row is None else row[0])


def accepted(answer: Any) -> Any:
    """The answer itself, unless it is a refusal.

    Raises:
        Refused: It is one.
    """
    if isinstance(answer, dict) and "refused" in answer:
        raise Refused(answer["refused"], answer.get("facts") or {})
    return answer


def hello(connection: Connection) -> Hello:
    """What this login may know before anybody signs in. Raises Refused: unknown_terminal."""
    return hello_of(ask_hello(connection))


def ask_hello(connection: Connection) -> dict[str, Any]:
    """As `hello`, as it comes."""
    return dict(call(connection, "select api.hello()"))


def hello_of(found: Mapping[str, Any]) -> Hello:
    """The answer of `api.hello` as the counter has it."""
    chain, slip = found["chain"], found["slip"]
    return Hello(
        schema=found["schema"],
        now=datetime.fromisoformat(found["now"]),
        chain=Chain(
            uid=UUID(chain["uid"]),
            name=chain["name"],
            currency=chain["currency"],
            minor_digits=chain["minor_digits"],
            time_zone=chain["time_zone"],
            demo=chain["demo"],
            pin_floor_minor=chain["pin_floor_minor"],
            cutover_minutes=chain["cutover_minutes"],
            cash=CashRule(chain["cash_step_minor"], chain["cash_rounding"], chain["keep_change_max_minor"]),
        ),
        store=Store(**found["store"]),
        terminal=Terminal(**found["terminal"]),
        shift=_shift(found["shift"]),
        next_number=found["next_number"],
        slip=SlipText(tuple(slip["header"]), tuple(slip["footer"]), slip.get("sellers") is True),
        backup_at=None if found["backup_at"] is None else datetime.fromisoformat(found["backup_at"]),
        tenders=tuple(found["tenders"]),
        tender_names=tuple(sorted((found.get("tender_names") or {}).items())),
        demo_staff=tuple(DemoStaff(**person) for person in found["demo_staff"]),
        handover_at=found.get("handover_at") or "",
        lock_minutes=found.get("lock_minutes") or 0,
        offline=_caps(found.get("offline")),
        reviews=found.get("reviews") or 0,
        messages=found.get("messages") or 0,
        approvals=found.get("approvals") or 0,
        quick_keys=tuple(found.get("quick_keys") or ()),
        function_keys=tuple(found.get("function_keys") or ()),
    )


def _caps(found: Mapping[str, int] | None) -> tuple[int, int, int] | None:
    return (found["hours"], found["sales"], found["cash_minor"]) if found else None


def sign_in(connection: Connection, *, chain: UUID, attempt: UUID, staff_number: str, pin: str) -> SignedIn:
    """Open a session on this connection, in one round trip.

    Raises:
        Refused: wrong_pin (tries_left), locked (minutes), wrong_store, unknown_terminal, malformed.
    """
    return sign_in_by(connection, staff_key(pin, chain=chain, number=staff_number), attempt, staff_number)


def sign_in_by(
    connection: Connection, key: bytes, attempt: UUID, staff_number: str, *, former: bytes | None = None
) -> SignedIn:
    """As `sign_in`, with the key that the PIN became; the session of the token `former` ends with it."""
    begin = "select api.sign_in_begin(%s, %s, %s)"
    finish = "select api.sign_in_finish(%s)"
    answers = two_steps(
        connection,
        begin,
        (attempt, staff_number, key),
        finish,
        (attempt,),
        after=("select api.leave_former(%s)", (former,)) if former else None,
    )
    return _signed_in(answers)


def change_pin(
    connection: Connection, *, chain: UUID, attempt: UUID, staff_number: str, old_pin: str, new_pin: str
) -> None:
    """Give the person who is signed in here another PIN, in one round trip.

    Raises:
        Refused: wrong_pin, locked, not_signed_in, pin_format, pin_too_simple.
    """
    check_new_pin(new_pin)
    old = staff_key(old_pin, chain=chain, number=staff_number)
    new = staff_key(new_pin, chain=chain, number=staff_number)
    _guess(connection, attempt, staff_number, old, "select api.change_pin(%s, %s)", (attempt, new))


def _guess(
    connection: Connection, attempt: UUID, number: str, key: bytes, verdict: str, values: tuple[object, ...]
) -> Any:
    """Store a guess, then ask for its verdict."""
    begin = "select api.sign_in_begin(%s, %s, %s)"
    return two_steps(connection, begin, (attempt, number, key), verdict, values)


def two_steps(
    connection: Connection,
    begin: str,
    given: tuple[object, ...],
    finish: str,
    values: tuple[object, ...],
    *,
    after: tuple[str, tuple[object, ...]] | None = None,
) -> Any:
    """Two transactions, one trip: what the first stored is committed before the second depends on it.

    The sync between them is queued as the driver's own `Pipeline.sync` does, which would also wait for the
    answers so far: one more trip. `after` belongs to the second transaction; its answer is not looked at.

    Raises:
        Refused: Either answer is a refusal.
    """
    with connection.cursor() as begun, connection.cursor() as judged:
        with connection.pipeline() as pipeline:
            begun.execute(begin, given)
            pipeline.command_queue.append(connection.pgconn.pipeline_sync)
            pipeline.result_queue.append(None)
            judged.execute(finish, values)
            if after is not None:
                connection.execute(*after)
        first, second = begun.fetchone(), judged.fetchone()
    accepted(None if first is None else first[0])
    return accepted(None if second is None else second[0])


@contextlib.contextmanager
def signed_in_at(
    url: str, *, attempt: UUID, staff_number: str, read_pin: Callable[[], str]
) -> Iterator[tuple[Connection, Hello]]:
    """A connection of its own on which a person is signed in until the block ends.

    Args:
        read_pin: Asked once the terminal is known to be one.

    Raises:
        Refused: as `hello` and `sign_in`.
    """
    with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
        told = hello(connection)
        sign_in(connection, chain=told.chain.uid, attempt=attempt, staff_number=staff_number, pin=read_pin())
        try:
            yield connection, told
        finally:
            with contextlib.suppress(psycopg.Error):
                sign_out(connection)


def resume(connection: Connection, token: bytes) -> SignedIn:
    """Attach this connection to the session of `token`. Raises Refused: not_signed_in."""
    return _signed_in(call(connection, "select api.resume(%s)", (token,)))


def sign_out(connection: Connection) -> None:
    """End the session of this connection, if there is one; its token opens nothing any more."""
    call(connection, "select api.sign_out()")


def lock(connection: Connection) -> None:
    """Leave the seat: as `sign_out`, told apart in the audit."""
    call(connection, "select api.lock()")


def pin_begin(
    connection: Connection, *, chain: UUID, attempt: UUID, document: UUID, wallet: int, pin: str
) -> None:
    """Commit a customer's guess before the posting that judges it.

    Raises:
        Refused: pin_locked (wallet, minutes), pin_not_set, unknown_wallet, not_signed_in, not_permitted.
    """
    key = card_key(pin, chain=chain, wallet=wallet)
    call(connection, "select api.pin_begin(%s, %s, %s, %s)", (attempt, document, wallet, key))


def set_card_pin(
    connection: Connection, *, chain: UUID, wallet: int, token_kind: str, token: bytes, pin: str
) -> None:
    """First PIN of a presented card's wallet, or a new one just after a `card_pin_reset` here.

    Raises:
        Refused: not_permitted (card_pin), unknown_card, card_not_active, pin_set, pin_format,
            pin_too_simple.
    """
    check_new_pin(pin)
    key = card_key(pin, chain=chain, wallet=wallet)
    call(connection, "select api.set_card_pin(%s, %s, %s)", (token_kind, token, key))


def change_card_pin(
    connection: Connection,
    *,
    chain: UUID,
    attempt: UUID,
    wallet: int,
    token_kind: str,
    token: bytes,
    old_pin: str,
    new_pin: str,
) -> None:
    """A new PIN for whoever knows the old one; a wrong old one counts like any guess.

    Raises:
        Refused: pin_wrong (tries_left), pin_locked (minutes), pin_not_set, not_permitted, unknown_card,
            card_not_active, pin_format, pin_too_simple.
    """
    check_new_pin(new_pin)
    pin_begin(connection, chain=chain, attempt=attempt, document=attempt, wallet=wallet, pin=old_pin)
    key = card_key(new_pin, chain=chain, wallet=wallet)
    call(connection, "select api.change_card_pin(%s, %s, %s, %s)", (attempt, token_kind, token, key))


def propose(connection: Connection, document: Document) -> Proposed:
    """Lay a document before a second person; answers what is to be signed.

    Raises:
        Refused: malformed, unknown_kind, wrong_session, too_many_open (most), not_signed_in.
    """
    values = (document.id, SHAPE, Jsonb(document.to_body()))
    answer = call(connection, "select api.propose(%s, %s::int, %s)", values)
    return Proposed(document=document.id, fingerprint=answer["fingerprint"])


def proposals(connection: Connection) -> tuple[Proposal, ...]:
    """The person's own of the last day, and for an approver the open ones of his stores. Oldest first."""
    return tuple(_listed(row) for row in call(connection, "select api.proposals()"))


def approve(connection: Connection, asked: Proposed) -> None:
    """Sign exactly the content that `proposals` showed.

    Raises:
        Refused: own_proposal, not_permitted, approval_needed, wrong_store, unknown_proposal,
            proposal_closed (state), not_signed_in.
    """
    call(connection, "select api.approve(%s, %s)", (asked.document, bytes.fromhex(asked.fingerprint)))


def decline(connection: Connection, asked: Proposed) -> None:
    """Say no to a proposal. Raises Refused: as `approve`."""
    call(connection, "select api.decline(%s, %s)", (asked.document, bytes.fromhex(asked.fingerprint)))


def _shift(found: Mapping[str, Any] | None) -> OpenShift | None:
    if found is None:
        return None
    opened_at = datetime.fromisoformat(found["opened_at"])
    return OpenShift(id=UUID(found["id"]), number=found["number"], opened_at=opened_at)


def _signed_in(found: Mapping[str, Any]) -> SignedIn:
    return SignedIn(
        session=found["session"],
        token=bytes.fromhex(found["token"]),
        ends_at=datetime.fromisoformat(found["ends_at"]),
        staff=Staff(**found["staff"]),
        permissions={name: Limits(**limits) for name, limits in found["permissions"].items()},
        next_number=found["next_number"],
        shift=_shift(found["shift"]),
    )


def _listed(row: Mapping[str, Any]) -> Proposal:
    document = UUID(row["document"])
    return Proposal(
        asked=Proposed(document=document, fingerprint=row["fingerprint"]),
        document=Document.from_body(document, row["body"]),
        store=row["store"],
        terminal=row["terminal"],
        by_number=row["by"]["number"],
        by_name=row["by"]["name"],
        at=datetime.fromisoformat(row["at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
        total_minor=row["total_minor"],
        own=row["own"],
        state=row["state"],
        goods=tuple(ProposedGoods(*each) for each in row["about"]["goods"]),
        of_receipt=row["about"]["receipt"] or "",
        member=row["about"]["member"] or "",
    )
