"""Where money goes back to, in rows of words and figures, before it is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from huiyuan.config.i18n import msg
from huiyuan.domain.model.identity import CashRule
from huiyuan.domain.model.posted import PostedDocument
from huiyuan.domain.model.returns import Refund, ReturnPreview
from huiyuan.domain.model.tender import CASH, cash_rounding
from huiyuan.screens.wording import BALANCES, Wording


def refund_rows(
    say: Wording, sale: PostedDocument, refunds: Sequence[Refund], cash: CashRule
) -> list[tuple[str, str]]:
    """One row a way back: stored value apart as paid in and as given on top; cash as coins pay it."""
    methods = {row.n: row.method for row in sale.paid}
    back: dict[str, int] = {}
    for refund in refunds:
        name = (
            say.word(BALANCES, refund.paid_with)
            if refund.paid_with in BALANCES
            else say.tender(methods.get(refund.of_n) or refund.paid_with)
        )
        back[name] = back.get(name, 0) + refund.amount_minor
    coins = say.tender(CASH)
    if coins in back:
        back[coins] += cash_rounding(back[coins], cash)
    return [(say(msg("Back: {tender}"), tender=name), say.money(amount)) for name, amount in back.items()]


def coupon_rows(say: Wording, sale: PostedDocument, pieces: Mapping[int, int]) -> list[tuple[str, str]]:
    """What becomes of the coupons that the sale used and of those that it earned: nothing before the last
    piece is back."""
    whole = all(pieces.get(line.n, 0) >= line.left_milli for line in sale.lines)
    used = len({each.coupon for each in sale.document.adjustments if each.coupon})
    earned = len(sale.document.coupons)
    rows = []
    if used:
        text = msg("{count} given back") if whole else msg("{count} stay used until all is back")
        rows.append((say(msg("Coupons used")), say(text, count=used)))
    if earned:
        text = msg("{count} void, unless used") if whole else msg("{count} stay good until all is back")
        rows.append((say(msg("Coupons earned")), say(text, count=earned)))
    return rows


def points_rows(say: Wording, preview: ReturnPreview) -> list[tuple[str, str]]:
    """Points that were earned and go, and points that paid and come back."""
    rows = []
    if preview.points_given:
        rows.append((say(msg("Points given back")), f"+{preview.points_given}"))
    if preview.points_back:
        rows.append((say(msg("Points taken back")), f"-{preview.points_back}"))
    return rows
