"""Wording: how this counter writes sentences, money, quantities, dates in its language.

Always true: money comes in minor units, quantity in thousandths, times in UTC; what leaves is for the eye
only and never read back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.screens.life_words import LIFE_KINDS, LIFE_PERMISSIONS

SIGNS: Final = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "EUR ",
    "GBP": "GBP ",
    "HKD": "HK$",
    "TWD": "NT$",
    "JPY": "JPY ",
}

KINDS: Final = {
    "sale": msg("Sale"),
    "return": msg("Return"),
    "exchange": msg("Exchange"),
    "blind_return": msg("Blind return"),
    "reversal": msg("Void (kind)"),
    "top_up": msg("Top-up"),
    "card_issue": msg("Card issue"),
    "card_activation": msg("Card activation"),
    "stock_receipt": msg("Stock receipt"),
    "adjustment": msg("Adjustment"),
    "advance": msg("Deposit"),
    "coupon_issue": msg("give out coupons"),
    "coupon_void": msg("void coupons"),
    "card_receive": msg("Blank cards received"),
    "card_hand_over": msg("Blank cards handed over"),
    "card_void": msg("Blank cards destroyed"),
    "card_count": msg("Blank cards counted"),
    "pass_sale": msg("Pass sold"),
    "pass_use": msg("Pass used"),
    "advance_back": msg("Deposit given back"),
    "credit_payment": msg("Debt paid"),
    "shift_open": msg("Shift opened"),
    "shift_close": msg("Shift closed"),
    "cash_in": msg("Cash in"),
    "cash_drop": msg("Drop to the safe"),
    "cash_out": msg("Cash out"),
    "expense": msg("Expense"),
    "no_sale": msg("Drawer opened"),
    "value_transfer": msg("Value transfer"),
    "member_merge": msg("Members merged"),
    "settlement": msg("Paid back"),
    "bonus_release": msg("Bonus released"),
    "cash_back": msg("Cash back"),
    **LIFE_KINDS,
    "opening_balance": msg("Opening"),
    "history_sale": msg("Past sale"),
}

TENDERS: Final = {
    "cash": msg("Cash"),
    "stored": msg("Stored value"),
    "bank_card": msg("Bank card"),
    "mobile": msg("Mobile pay"),
    "coupon": msg("Coupon"),
    "unrecorded": msg("Not recorded"),
    "points": msg("Points"),
    "prepaid": msg("Prepaid card of others"),
    "voucher": msg("Voucher of others"),
    "credit": msg("On account"),
    "advance": msg("Paid ahead"),
    "pass": msg("Pass uses"),
}

ACCOUNTS: Final = {
    "cash": msg("Cash"),
    "tender": msg("Bank card or phone"),
    "principal": msg("Stored value"),
    "bonus": msg("Bonus"),
    "points_redeemed": msg("Points"),
    "prepaid": msg("Prepaid card of others"),
    "voucher": msg("Voucher of others"),
    "credit": msg("On account"),
    "advance": msg("Paid ahead"),
}
"""Accounts that give money back, as a person at the counter calls them."""

STATES: Final = {
    "blank": msg("blank"),
    "issued": msg("issued, not active"),
    "active": msg("active"),
    "frozen": msg("frozen"),
    "lost": msg("reported lost"),
    "replaced": msg("replaced"),
    "closed": msg("closed"),
    "void": msg("destroyed"),
    "cancelled": msg("cancelled"),
    "not_empty": msg("still holding value"),
    "open": msg("open"),
    "approved": msg("approved"),
    "declined": msg("declined"),
    "expired": msg("expired"),
}

SOURCES_READ: Final = {
    "typed": msg("typed"),
    "scanned": msg("scanned"),
    "stripe": msg("by its stripe"),
    "tag": msg("number on its tag"),
    "chip": msg("by its chip"),
}
"""How a card was read."""

GENDERS: Final = {"male": msg("male"), "female": msg("female")}
MEMBER_KINDS: Final = {"person": msg("person"), "company": msg("company")}
SOURCES: Final = {
    "counter": msg("counter"),
    "call_centre": msg("call centre"),
    "website": msg("website"),
    "import": msg("imported"),
}
CHECKS: Final = {
    "id_document": msg("ID document seen"),
    "card_pin": msg("card and PIN"),
    "call_back": msg("called back"),
}
DOUBTS: Final = {
    "mixed_script": msg("letters of two scripts in the name"),
    "digits_in_name": msg("digits in the name"),
    "very_short_name": msg("name of one character"),
    "very_old": msg("very old"),
    "very_young": msg("very young"),
    "birthday_differs": msg("birthday is not the ID's"),
    "gender_differs": msg("gender is not the ID's"),
    "phone_shared": msg("phone shared with others"),
}
BALANCES: Final = {
    "principal": msg("Principal"),
    "bonus": msg("Bonus"),
    "points": msg("Points"),
    "points_debt": msg("Points owed"),
    "credit": msg("On account"),
    "advance": msg("Paid ahead"),
    "pass": msg("Pass uses"),
}

FIELDS: Final = {
    "name": msg("Name"),
    "number": msg("Member no."),
    "phone": msg("Phone"),
    "id_no": msg("ID number"),
    "address": msg("Address"),
    "legal_name": msg("Legal rep."),
    "legal_phone": msg("Rep. phone"),
    "contact_name": msg("Contact"),
    "contact_phone": msg("Contact tel."),
    "company": msg("Who acts for it"),
    "note": msg("Remark"),
    "reason": msg("Reason"),
    "gender": msg("Gender"),
    "birthday": msg("Birthday"),
    "tier": msg("Tier"),
    "kind": msg("Kind"),
    "home_store": msg("Home store"),
    "marketing": msg("Offers"),
    "source": msg("Source"),
    "archived": msg("Left"),
    "doubts": msg("To verify"),
    "title": msg("Title of the invoice"),
    "invoice_number": msg("Invoice number"),
}
"""Fields of a record, as forms and refusals call them."""

PERMISSIONS: Final = {
    "sale": msg("ring up sales"),
    "return": msg("take back goods"),
    "blind_return": msg("take back goods without a receipt"),
    "reverse": msg("void documents"),
    "top_up": msg("top up cards"),
    "invoice": msg("note invoices"),
    "card_issue": msg("issue cards"),
    "card_activate": msg("activate cards"),
    "card_pin": msg("set card PINs"),
    "stock_receive": msg("receive stock"),
    "adjust": msg("adjust balances"),
    "shift": msg("open and close shifts"),
    "staff": msg("manage staff"),
    "report": msg("see reports"),
    "discount": msg("give discounts"),
    "members": msg("look up and edit members"),
    "member_tier": msg("set a member's tier by hand"),
    "reveal": msg("see phone and ID numbers in full"),
    "open_price": msg("type prices"),
    "rules": msg("decide about promotions"),
    "catalog": msg("edit the catalogue"),
    "shift_expected": msg("see the cash expected"),
    "shift_variance": msg("close a shift that does not tally"),
    "cash_in": msg("put cash into the drawer"),
    "cash_drop": msg("drop cash to the safe"),
    "cash_out": msg("take cash out of the drawer"),
    "expense": msg("pay expenses from the drawer"),
    "no_sale": msg("open the drawer without a sale"),
    "credit": msg("let members owe"),
    "settings": msg("change settings"),
    "group_order": msg("keep group orders"),
    "coupon_issue": msg("give out coupons"),
    "coupon_void": msg("void coupons"),
    "advance_back": msg("give deposits back"),
    "value_transfer": msg("move value between cards"),
    "settlement": msg("pay back the value of a card"),
    "member_merge": msg("merge members"),
    "card_limit": msg("set the limits of a card"),
    "cards_stock": msg("see to blank cards"),
    "bonus_release": msg("book bonus that is due"),
    "approve": msg("approve for others"),
    **LIFE_PERMISSIONS,
}


class Counted(str):
    """A number in a sentence; `{count:card|cards}` beside it is the word for one, or for another number."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return one if self == "1" else many


def counted(facts: Mapping[str, object]) -> dict[str, object]:
    """Facts whose numbers may choose a word."""
    return {name: Counted(fact) if isinstance(fact, (int, str)) else fact for name, fact in facts.items()}


@dataclass(frozen=True, slots=True)
class Wording:
    """One language, one currency, one zone; calling it translates a marked sentence and fills its facts."""

    tr: Callable[[str], str]
    lang: str
    currency: str = "CNY"
    minor_digits: int = 2
    time_zone: str = "UTC"
    tender_names: tuple[tuple[str, str], ...] = ()
    """What the chain calls its own ways of paying, by kind."""

    def __call__(self, sentence: str, /, **facts: object) -> str:
        text = self.tr(sentence)
        return text.format_map(counted(facts)) if facts else text

    def money(self, minor: int) -> str:
        """With the currency's sign: ¥1,234.50, -¥3.00."""
        sign = "-" if minor < 0 else ""
        return sign + SIGNS.get(self.currency, self.currency + " ") + self.figure(abs(minor))

    def figure(self, minor: int) -> str:
        """Without a sign of currency, for columns: 1,234.50."""
        sign, whole = ("-", -minor) if minor < 0 else ("", minor)
        if not self.minor_digits:
            return f"{sign}{whole:,}"
        unit = 10**self.minor_digits
        return f"{sign}{whole // unit:,}.{whole % unit:0{self.minor_digits}}"

    def quantity(self, milli: int) -> str:
        """Thousandths without needless zeros: 2, 0.5, 1.25."""
        sign, whole = ("-", -milli) if milli < 0 else ("", milli)
        if whole % 1000 == 0:
            return f"{sign}{whole // 1000:,}"
        return f"{sign}{whole // 1000:,}." + f"{whole % 1000:03}".rstrip("0")

    @property
    def zone(self) -> tzinfo:
        """The chain's zone; UTC where this machine does not know it."""
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # no time is shown before the chain is known

        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return UTC

    def moment(self, at: datetime) -> str:
        """Local date and time to the minute."""
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def clock(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%H:%M:%S")

    def date(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%Y-%m-%d")

    def last_day(self, ends_at: datetime) -> str:
        """The day before a midnight at which something ends."""
        return self.date(ends_at - timedelta(microseconds=1))

    def age(self, then: datetime, now: datetime) -> str:
        """How long ago, in the largest unit that is not zero: minutes, hours, days."""
        minutes = max(0, int((now - then).total_seconds()) // 60)
        if minutes < 60:
            return self(msg("{count} min ago"), count=minutes)
        if minutes < 48 * 60:
            return self(msg("{count} h ago"), count=minutes // 60)
        return self(msg("{count} days ago"), count=minutes // (24 * 60))

    def kind(self, kind: str) -> str:
        return self.tr(KINDS[kind]) if kind in KINDS else kind

    def tender(self, kind: str) -> str:
        named = dict(self.tender_names).get(kind)
        return named or (self.tr(TENDERS[kind]) if kind in TENDERS else kind)

    def account(self, account: str) -> str:
        return self.tr(ACCOUNTS[account]) if account in ACCOUNTS else account

    def state(self, state: str) -> str:
        return self.tr(STATES[state]) if state in STATES else state

    def word(self, words: Mapping[str, str], name: str | None) -> str:
        """The word for `name` in a table such as GENDERS; the name itself if it has none, empty for None."""
        if name is not None and name not in words:
            name = name.partition(":")[0] if name.partition(":")[0] in words else name
        return self.tr(words[name]) if name is not None and name in words else (name or "")

    def amount(self, account: str, amount: int) -> str:
        """What an account holds or moved: money with its sign, points as a number."""
        return f"{amount:,}" if account.startswith(("points", "pass:")) else self.money(amount)

    def field(self, name: str) -> str:
        return self.tr(FIELDS[name]) if name in FIELDS else name

    def permission(self, name: str) -> str:
        return self.tr(PERMISSIONS[name]) if name in PERMISSIONS else name
