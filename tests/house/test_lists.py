"""A list on a screen is read page by page, or it is short by its nature and says here why."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import huiyuan.screens
from huiyuan.screens.paged import PagedScreen, WindowScreen

SCREENS: Final = Path(huiyuan.screens.__file__).parent

SHORT: Final = {
    # what one person holds in hand
    "SaleScreen": "the basket",
    "BlindReturnScreen": "what one customer gives back",
    "ExchangeScreen": "what one customer gives back",
    "ReturnScreen": "the lines of one receipt",
    "LabelScreen": "the labels of one go at the printer",
    "ReceivingScreen": "the lines of one delivery",
    "TenderingScreen": "the tenders of one sale",
    "CouponSheet": "the coupons shown for one sale",
    "ExplainSheet": "the prices of one basket",
    "WhatIfSheet": "the prices of one basket",
    "GroupNewScreen": "the tiers of one order, at most nine",
    "GiveOutScreen": "the codes that one person typed in",
    # words and places that the program or the chain knows
    "Choice": "words",
    "Picks": "words",
    "CountSheet": "the coins and notes of a currency",
    "HelpPage": "the commands of a screen",
    "Palette": "the commands that may be done",
    "HomeScreen": "the menu",
    "ReportsScreen": "the menu",
    "SettingsScreen": "the settings",
    "HolidaysForm": "the holidays of a year",
    "DevicesScreen": "the devices of one counter",
    "ShiftScreen": "the tenders of one shift",
    "ClosingSheet": "what one shift left open",
    "CardTypesScreen": "the card types of a chain",
    # one thing, the newest of it; the door answers no more
    "CardScreen": "one card: lots with something left, the newest movements",
    "CardLifeScreen": "one card: the moves of a state, the newest 50 of its story",
    "MemberLifeScreen": "one membership, as the card desk",
    "MemberScreen": "one member: cards, the newest purchases; the rest is a page each",
    "PassesScreen": "the passes of one card",
    "ItemInfoScreen": "one product in the stores of a chain",
    "MergeScreen": "two members",
    "GroupOrderScreen": "the members of one order; a page is shown",
    "OutboxScreen": "what one counter has to send; a page is shown",
    "MomentScreen": "one wallet as it was; a page is shown",
    "HoldersScreen": "the cards of one wallet; a page is shown, their uses are read by the page",
    "CouponFindScreen": "codes with the same last four characters, at most 50",
    "FindingScreen": "what the one box found, at most a page",
    # at most so many in one answer, the next once these are done
    "ApprovalsScreen": "what is open at this moment, each for minutes",
    "BonusDueScreen": "what is due, at most two pages, booked one after the other",
    "CustodyScreen": "ranges of blank cards of one store and the newest moves",
    "MemberCouponsScreen": "the coupons of one member, the newest 200",
}
"""Screens with a list that is no page of a longer one."""
BY_ITSELF: Final = {"StatementScreen", "PurchasesScreen"}
"""Pages that a screen of its own kind turns; `tests/screens/test_long_lists` reads them both ways."""


def lists() -> Iterator[tuple[str, Any]]:
    """Every class of a screen in whose text a list is made."""
    for path in sorted(SCREENS.rglob("*.py")):
        if path.name == "rows.py":
            continue
        for node in ast.parse(path.read_text("utf-8")).body:
            makes = (each for each in ast.walk(node) if isinstance(each, ast.Call))
            if isinstance(node, ast.ClassDef) and any(
                isinstance(call.func, ast.Name) and call.func.id == "RowList" for call in makes
            ):
                name = ".".join(("huiyuan.screens", *path.relative_to(SCREENS).with_suffix("").parts))
                yield node.name, getattr(importlib.import_module(name), node.name)


def test_a_list_is_read_by_the_page_or_short_by_its_nature() -> None:
    found = dict(lists())
    assert len(found) > 50
    whole = {name for name, screen in found.items() if WindowScreen in screen.__mro__}
    whole |= {name for name, screen in found.items() if PagedScreen not in screen.__mro__}
    assert whole - BY_ITSELF == set(SHORT), "read it by the page (screens/paged), or say why it is short"
    assert all(inspect.isclass(found[name]) for name in BY_ITSELF)
