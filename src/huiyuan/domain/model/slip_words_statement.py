"""Words of a wallet's statement and of the list of a batch on paper."""

from __future__ import annotations

from typing import Final

ZH: Final = {
    "title_statement": "储值对账单",
    "statement_from": "起始日期",
    "statement_until": "截止日期",
    "opening": "期初余额",
    "closing": "期末余额",
    "points_moved": "积分",
    "by_kind": "分类合计",
    "statement_long": "明细较多，本单只列分类合计。",
    "ended_bonus": "其中已过期赠金",
    "ended_points": "其中已过期积分",
    "kind_opening_balance": "期初导入",
    "credit_owed": "当前欠款",
    "credit_due_on": "到期日",
    "credit_least": "最低还款",
    "credit_overdue": "已逾期",
    "title_batch": "批量发卡清单",
    "batch_cards": "卡数",
}
EN: Final = {
    "title_statement": "STATEMENT",
    "statement_from": "From",
    "statement_until": "To",
    "opening": "Opening",
    "closing": "Closing",
    "points_moved": "Points",
    "by_kind": "By kind",
    "statement_long": "Too many to be listed: sums by kind only.",
    "ended_bonus": "of it bonus ended",
    "ended_points": "of it points ended",
    "kind_opening_balance": "Opening import",
    "credit_owed": "Owed now",
    "credit_due_on": "Due by",
    "credit_least": "Least to pay",
    "credit_overdue": "Overdue",
    "title_batch": "CARDS ISSUED",
    "batch_cards": "Cards",
}
