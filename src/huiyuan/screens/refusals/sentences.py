"""From a code and its facts to a sentence: what happened, what stands, what to press.

Always true: every code that the door, the other calls or the counter itself can answer has a row here (a
house test reads docs, SQL and Python for them); facts are shown by what they are, money as money, outside
text as visible text; a code nobody knows is said to be unknown, by name, and never called a failure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.screens.life_words import APPLICATION_STATES
from huiyuan.screens.refusals.card_life import CARD_LIFE, OPEN_ALREADY, OWN_APPLICATION, PASS_LEFT
from huiyuan.screens.refusals.card_types import CARD_TYPE_WHY, CARD_TYPES, NO_USES
from huiyuan.screens.refusals.cards import CARDS, NOT_ACTIVE, PAPER_ONLY_SEEN, PIN_SPENT as CARD_PIN_SPENT
from huiyuan.screens.refusals.counter import COUNTER
from huiyuan.screens.refusals.coupons import COUPON_WHY, COUPONS
from huiyuan.screens.refusals.goods import GOODS
from huiyuan.screens.refusals.group_orders import GROUP_ORDERS, GROUP_WHY
from huiyuan.screens.refusals.invoices import INVOICE_WHY, INVOICES
from huiyuan.screens.refusals.law import CAP_BY_LAW, LAW
from huiyuan.screens.refusals.members import MEMBERS
from huiyuan.screens.refusals.moving_value import MOVING_VALUE, MOVING_WHY
from huiyuan.screens.refusals.offline import OFFLINE, OFFLINE_WHY
from huiyuan.screens.refusals.paying import PAYING
from huiyuan.screens.refusals.people import PEOPLE, PIN_SPENT as STAFF_PIN_SPENT
from huiyuan.screens.refusals.posting import POSTING
from huiyuan.screens.refusals.promotions import PROMOTIONS, WHY
from huiyuan.screens.refusals.shift import SHIFT
from huiyuan.screens.refusals.taking_back import BLIND, TAKING_BACK
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.wording import Counted, Wording, counted

SENTENCES: Final[Mapping[str, str]] = {
    **PEOPLE,
    **MEMBERS,
    **POSTING,
    **SHIFT,
    **GOODS,
    **PROMOTIONS,
    **COUPONS,
    **PAYING,
    **CARDS,
    **CARD_TYPES,
    **CARD_LIFE,
    **COUNTER,
    **TAKING_BACK,
    **OFFLINE,
    **MOVING_VALUE,
    **LAW,
    **GROUP_ORDERS,
    **INVOICES,
}
"""Code -> English message id with named facts; both catalogues hold it."""

UNKNOWN_CODE: Final = msg("The server said no: {code}. Nothing was booked. Call support and name this word.")
POINTS_SHORT: Final = msg("Not enough points: {count} are missing. Nothing was booked.")
PRICE_TYPED: Final = msg(
    "The price of line {line}, {amount}, is further from the list than you may go. Nothing is booked yet."
    " A second person has to approve it here."
)
ALWAYS_TWO: Final = msg(
    "This takes two people ({permission}). Nothing is booked yet. A second person has to approve it here."
)
GIFT_STANDS: Final = msg(
    "This purchase brought the top-up {by} its gift. Nothing is booked yet. Undo that top-up first, or a"
    " second person has to approve it here."
)
GAP_WIDE: Final = msg(
    "The drawer differs by more than you may close alone. Nothing is booked yet."
    " A second person has to approve it here."
)

MONEY: Final = frozenset(
    {"amount", "limit", "cap", "would_be", "floor", "now", "due", "lines", "tendered", "given", "total",
     "missing", "most", "balance", "wanted", "short"}
)  # fmt: skip


def sentence(say: Wording, refused: Refused) -> str:
    """The refusal as a person at the counter reads it."""
    facts = refused.facts
    if refused.code == "insufficient" and facts.get("account") == "points":
        return say(POINTS_SHORT, count=_short(facts))
    if refused.code == "insufficient" and facts.get("account") == "pass":
        return say(NO_USES, uses_left=facts.get("balance", "?"))
    text = SENTENCES.get(refused.code)
    for table in (WHY, MOVING_WHY, CARD_TYPE_WHY, INVOICE_WHY):
        text = table.get(refused.code, {}).get(str(facts.get("why")), text)
    if refused.code == "card_not_active":
        text = NOT_ACTIVE.get(str(facts.get("state")), text)
    if refused.code == "application_wrong":
        text = {"new": OPEN_ALREADY, facts.get("state"): OWN_APPLICATION}.get(facts.get("was"), text)
    if refused.code in {"settlement_refused", "wallet_not_empty"} and of_pass(facts):
        text = PASS_LEFT
    if refused.code == "coupon_refused":
        text = COUPON_WHY.get(str(facts.get("why")), text)
    if refused.code == "group_refused":
        text = GROUP_WHY.get(str(facts.get("why")), text)
    if refused.code == "approval_needed" and facts.get("amount") == 0:
        text = ALWAYS_TWO
    if refused.code == "approval_needed" and facts.get("permission") == "open_price":
        text = PRICE_TYPED
    if refused.code == "balance_cap" and "article" in facts:
        text = CAP_BY_LAW
    if refused.code == "offline_refused":
        text = OFFLINE_WHY.get(str(facts.get("why")), text)
    if refused.code == "blind_return_refused":
        text = BLIND.get(str(facts.get("why")), text)
    if refused.code == "approval_needed" and facts.get("why") == "gift":
        text = GIFT_STANDS
    if refused.code == "approval_needed" and facts.get("permission") == "shift_variance":
        text = GAP_WIDE
    if refused.code == "approval_needed" and facts.get("permission") == "card_pin_reset":
        text = PAPER_ONLY_SEEN
    if facts.get("tries_left") == 0:
        text = {"pin_wrong": CARD_PIN_SPENT, "wrong_pin": STAFF_PIN_SPENT}.get(refused.code, text)
    if text is None:
        return say(UNKNOWN_CODE, code=visible(refused.code))
    return say.tr(text).format_map(_Shown(counted(_facts(say, refused.code, facts))))


def of_pass(facts: Mapping[str, Any]) -> bool:
    """What is left there are uses of a pass, no money."""
    return str(facts.get("account", "")).partition(":")[0] == "pass"


class _Shown(dict[str, object]):
    """A fact that did not come is a question mark, not a crash."""

    def __missing__(self, key: str) -> Counted:
        return Counted("?")


def _short(facts: Mapping[str, Any]) -> int:
    wanted, balance = facts.get("wanted"), facts.get("balance")
    return max(0, wanted - balance) if isinstance(wanted, int) and isinstance(balance, int) else 0


def _facts(say: Wording, code: str, facts: Mapping[str, Any]) -> dict[str, str]:
    """Each fact as text by what it is."""
    special: dict[str, Callable[[Any], str]] = {
        "permission": lambda value: say.permission(str(value)),
        "tender": lambda value: say.tender(str(value)),
        "state": lambda value: (
            say.word(APPLICATION_STATES, str(value)) if code == "application_wrong" else say.state(str(value))
        ),
        "kind": lambda value: say.kind(str(value)),
        "field": lambda value: say.field(str(value)),
        "fields": lambda value: ", ".join(say.field(str(each)) for each in value),
    }
    shown: dict[str, str] = {}
    for name, value in facts.items():
        points = name == "most" and (facts.get("grant") == "points" or code == "recharge_refused")
        if name in special:
            shown[name] = visible(special[name](value))
        elif name in MONEY and isinstance(value, int) and not points:
            shown[name] = say.money(value)
        else:
            shown[name] = visible(str(value))
    if code == "insufficient":
        shown["short"] = say.money(_short(facts))
    if code == "coupon_refused" and isinstance(facts.get("least"), int):
        shown["least"] = say.money(facts["least"])
    if code == "group_refused" and isinstance(facts.get("qty_milli"), int):
        shown["pieces"] = str(facts["qty_milli"] // 1000)
    if code == "pass_refused":
        shown["uses"] = str(facts.get("most", "?"))
    if code == "too_many_held":
        shown["most_held"] = str(facts.get("most", "?"))
    if isinstance(facts.get("left"), int):
        shown["left_qty"] = say.quantity(facts["left"])
    shown.setdefault(
        "count", shown.get("most", "?") if code != "too_many_lines" else str(facts.get("most", "?"))
    )
    return shown
