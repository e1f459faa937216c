"""Payments: the gateway of a counter and the charges it keeps, put together."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from huiyuan.config.i18n import msg
from huiyuan.tui.context import CommandContext, CommandRefused

if TYPE_CHECKING:
    from uuid import UUID

    from huiyuan.config.settings import Gateway
    from huiyuan.domain.ports import ChargeBook, PaymentGateway
    from huiyuan.repositories.counter.journal import CounterJournal


@dataclass(frozen=True, slots=True)
class SeatPayments:
    """What a seat takes money from phones with; `start` asks about what was open at the last end."""

    charges: ChargeBook
    gateway: PaymentGateway
    start: Callable[[], None]
    stop: Callable[[], None]
    close: Callable[[], None]


def open_payments(
    context: CommandContext, own: Path | None, journal: CounterJournal | None, *, now: Callable[[], datetime]
) -> SeatPayments:
    """The charges in the seat's folder `own` (None: in memory), and the gateway of the settings.

    Raises:
        CommandRefused: a setting of the gateway cannot be used.
        Refused: `journal_unwritable`.
    """
    from huiyuan.domain.model.journal import JournalState
    from huiyuan.domain.usecases.charging import resolve_charges
    from huiyuan.repositories.counter.charges import CounterCharges
    from huiyuan.tui.background import Background

    def stands(document: UUID) -> bool:
        return journal is not None and journal.state_of(document) is JournalState.ANSWERED

    gateway, close_gateway = open_gateway(context, context.settings.gateway)
    charges, background = CounterCharges(own, now=now, stands=stands), Background()

    def start() -> None:
        if gateway.configured and charges.open_count():
            background.soon("charges", lambda: _resolve(charges, gateway))

    def _resolve(book: ChargeBook, port: PaymentGateway) -> None:
        resolve_charges(book, port)

    def close() -> None:
        background.close()
        close_gateway()
        charges.close()

    return SeatPayments(charges, gateway, start=start, stop=background.stop, close=close)


def open_gateway(context: CommandContext, chosen: Gateway) -> tuple[PaymentGateway, Callable[[], None]]:
    """The gateway that `chosen` names, and what closes it.

    Raises:
        CommandRefused: a URL without a merchant or a key.
    """
    from huiyuan.devices.gateways.http_gateway import GatewaySettings, HttpGateway
    from huiyuan.devices.gateways.no_gateway import NoGateway

    if chosen.gateway_url is None:
        return NoGateway(), lambda: None
    key = chosen.gateway_key.get_secret_value()
    if not key or not chosen.gateway_merchant:
        raise CommandRefused(
            context.tr(
                msg("A payment gateway needs HUIYUAN_GATEWAY_MERCHANT and HUIYUAN_GATEWAY_KEY as well.")
            )
        )
    gateway = HttpGateway(
        GatewaySettings(chosen.gateway_url, chosen.gateway_merchant, key, answer_s=chosen.gateway_answer_s)
    )
    return gateway, gateway.close


def check_gateway(context: CommandContext) -> bool:
    """Say whether there is a gateway, whether it answers, and whether it knows our key.

    Raises:
        CommandRefused: a URL without a merchant or a key.
    """
    from uuid import uuid4

    from huiyuan.domain.model.charge import Outcome

    gateway, close = open_gateway(context, context.settings.gateway)
    if not gateway.configured:
        context.say(
            context.tr(
                msg("Payment gateway: none is set up (HUIYUAN_GATEWAY_URL). Phones pay by a typed reference.")
            )
        )
        return True
    began = time.monotonic()
    outcome = gateway.query(uuid4().hex).outcome
    ms = int((time.monotonic() - began) * 1000)
    close()
    said = {
        Outcome.AWAY: msg("Payment gateway: {url} cannot be reached. Look at the line and the address."),
        Outcome.UNSURE: msg(
            "Payment gateway: {url} does not answer as it should. Merchant or key may be wrong."
        ),
    }.get(outcome, msg("Payment gateway: {url} answers in {ms} ms and knows this merchant."))
    context.say(context.tr(said).format(url=context.settings.gateway.gateway_url, ms=ms))
    return outcome is Outcome.UNKNOWN_TRADE
