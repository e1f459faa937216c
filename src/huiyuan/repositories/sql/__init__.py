"""The database as plain SQL: tables once, functions at every migrate.

The files of a revision are executed once, in this order, as the administrator; what changes a table that
somebody already has is a file of a new revision. `FUNCTIONS` (functions, guards, the api, the rows of kinds)
replace themselves and are executed again at the end of every migrate, as `huiyuan_owner` unless the file's
first line says `-- as superuser`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent

REVISIONS: Final[dict[str, tuple[str, ...]]] = {
    "0001": (
        "tables/roles.sql",
        "tables/schemas.sql",
        "tables/shop.sql",
        "tables/sec.sql",
        "tables/ledger.sql",
        "tables/types.sql",
    ),
    # The counter on real data: search, personal data, goods by category, print jobs, history.
    "0002": (
        "tables/catalogue.sql",
        "tables/history.sql",
        "tables/search.sql",
        "tables/personal.sql",
        "tables/checkout.sql",
    ),
    # The whole checkout, cards and devices.
    "0003": (
        "tables/promotions.sql",
        "tables/taking_back.sql",
        "tables/shift.sql",
        "tables/tenders.sql",
        "tables/offline.sql",
        "tables/coupons.sql",
    ),
    # Cards and stored value, complete.
    "0004": (
        "tables/moving_value.sql",
        "tables/card_life.sql",
        "tables/offline_sign_in.sql",
        "tables/card_types.sql",
        "tables/card_custody.sql",
        "tables/card_cases.sql",
        "tables/recharging.sql",
        "tables/coupon_marks.sql",
        "tables/law.sql",
        "tables/sellers.sql",
        "tables/value_books.sql",
        "tables/approval_looks.sql",
        "tables/card_pin.sql",
    ),
}
TABLES: Final = tuple(name for names in REVISIONS.values() for name in names)

# Order matters where a function in language sql names another: its body is read when it is made.
FUNCTIONS: Final = (
    "functions/who.sql",
    "functions/asks.sql",
    "functions/edits.sql",
    "functions/guesses.sql",
    "functions/sessions.sql",
    "functions/logins.sql",
    "functions/lookups.sql",
    "functions/draft.sql",
    "functions/segments.sql",
    "functions/promotions.sql",
    "functions/coupons.sql",
    "functions/card_life.sql",
    "functions/card_fees.sql",
    "functions/card_types.sql",
    "functions/card_custody.sql",
    "functions/locks.sql",
    "functions/tendering.sql",
    "functions/expand.sql",
    "functions/cash.sql",
    "functions/take_back.sql",
    "functions/exchange.sql",
    "functions/lot_target.sql",
    "functions/recharging.sql",
    "functions/moving_value.sql",
    "functions/value.sql",
    "functions/pass_revenue.sql",
    "functions/passes.sql",
    "functions/pass_reads.sql",
    "functions/law.sql",
    "functions/held.sql",
    "functions/offline.sql",
    "functions/write.sql",
    "functions/post.sql",
    "functions/history.sql",
    "functions/verify.sql",
    "functions/search.sql",
    *sorted(f"guards/{path.name}" for path in (ROOT / "guards").glob("*.sql")),
    "kinds.sql",
    "kinds_moving_value.sql",
    "kinds_passes.sql",
    "kinds_custody.sql",
    "kinds_recharging.sql",
    "kinds_pin.sql",
    "kinds_law.sql",
    "kinds_mirrored.sql",
    "kinds_sellers.sql",
    "api/post.sql",
    "api/sign_in.sql",
    "api/switch.sql",
    "api/approvals.sql",
    "api/approval_news.sql",
    "api/card_pin.sql",
    "api/staff.sql",
    "api/terminals.sql",
    "api/readers.sql",
    "api/offline.sql",
    "api/hello.sql",
    "api/reads.sql",
    "api/reports.sql",
    "api/law.sql",
    "api/sellers.sql",
    "api/clearing.sql",
    "api/value_filing.sql",
    "api/shift.sql",
    "api/turnover.sql",
    "api/till_events.sql",
    "api/value_moves.sql",
    "api/stock.sql",
    "api/catalog.sql",
    "api/catalogue.sql",
    "api/checkout.sql",
    "api/tenders.sql",
    "api/categories.sql",
    "api/promotion_rules.sql",
    "api/coupons.sql",
    "api/rule_desk.sql",
    "api/card_types.sql",
    "api/card_custody.sql",
    "api/card_cases.sql",
    "api/rule_choices.sql",
    "api/publish_rules.sql",
    "api/members.sql",
    "api/search.sql",
    "api/member_save.sql",
    "api/member_page.sql",
    "api/reveal.sql",
    "api/statement.sql",
    "api/moment.sql",
    "api/period.sql",
    "api/moving_value.sql",
    "api/recharging.sql",
    "api/card_life.sql",
    "api/settings.sql",
    "api/chain_settings.sql",
    "api/find_sales.sql",
    "api/held_sales.sql",
    "api/item_info.sql",
    "api/history.sql",
    "api/history_members.sql",
    "api/history_products.sql",
    "api/history_openings.sql",
    "grants/policies.sql",
)


def read(name: str) -> str:
    """The text of one SQL file of this room."""
    return (ROOT / name).read_text(encoding="utf-8")
