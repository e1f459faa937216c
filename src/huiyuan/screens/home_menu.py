"""HomeMenu: what the rows of the home menu open, one screen each; loaded when it is opened.

Always true: nothing here decides anything; whether a row is there and may be chosen is the command table's.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.screen import Screen

from huiyuan.screens.asking import AskingScreen


class HomeMenu(AskingScreen[None]):
    """Named after the screen's own base."""

    def run_named(self, action: str) -> None:
        """Do the command's action, as if its key had been pressed."""
        method: Callable[[], None] = getattr(self, f"action_{action}")
        method()

    def go(self, screen: Screen[None]) -> None:
        """Open a screen of the menu."""
        self.tell("")
        self.app.push_screen(screen)

    def action_top_up(self) -> None:
        """F3."""
        from huiyuan.screens.top_up import TopUpScreen

        self.go(TopUpScreen(self.shop))

    def action_issue(self) -> None:
        """F5."""
        from huiyuan.screens.card_issue import CardIssueScreen

        self.go(CardIssueScreen(self.shop))

    def action_activate(self) -> None:
        """F6."""
        from huiyuan.screens.activation import ActivationScreen

        self.go(ActivationScreen(self.shop))

    def action_returns(self) -> None:
        """F7."""
        from huiyuan.screens.returns import ReturnScreen

        self.go(ReturnScreen(self.shop))

    def action_void(self) -> None:
        """F8."""
        from huiyuan.screens.void import VoidScreen

        self.go(VoidScreen(self.shop))

    def action_receive(self) -> None:
        """F9."""
        from huiyuan.screens.receiving import ReceivingScreen

        self.go(ReceivingScreen(self.shop))

    def action_promotions(self) -> None:
        """What runs, comes and waits."""
        from huiyuan.screens.promotions import PromotionScreen

        self.go(PromotionScreen(self.shop))

    def action_coupons(self) -> None:
        """Series, and their codes."""
        from huiyuan.screens.coupons import CouponDeskScreen

        self.go(CouponDeskScreen(self.shop))

    def action_group_orders(self) -> None:
        """Members who buy together."""
        from huiyuan.screens.group_orders import GroupOrdersScreen

        self.go(GroupOrdersScreen(self.shop))

    def action_approvals(self) -> None:
        """By its name: what waits for a second person."""
        from huiyuan.screens.approvals import ApprovalsScreen

        self.go(ApprovalsScreen(self.shop))

    def action_outbox(self) -> None:
        """By its name: slips that go to members as messages."""
        from huiyuan.screens.outbox import OutboxScreen

        self.go(OutboxScreen(self.shop))

    def action_invoices(self) -> None:
        """By its name: who wants an invoice, and what has to be red-lettered."""
        from huiyuan.screens.invoices import InvoicesScreen

        self.go(InvoicesScreen(self.shop))

    def action_settings(self) -> None:
        """By its name: what can be set for this store and the chain."""
        from huiyuan.screens.settings import SettingsScreen

        self.go(SettingsScreen(self.shop))

    def action_staff(self) -> None:
        """Ctrl-T."""
        from huiyuan.screens.staff import StaffScreen

        self.go(StaffScreen(self.shop))

    def action_stock(self) -> None:
        """Ctrl-K."""
        from huiyuan.screens.stock import StockScreen

        self.go(StockScreen(self.shop))

    def action_item(self) -> None:
        """By its name."""
        from huiyuan.screens.item_info import ItemInfoScreen

        self.go(ItemInfoScreen(self.shop))

    def action_labels(self) -> None:
        """By its name."""
        from huiyuan.screens.labels import LabelScreen

        self.go(LabelScreen(self.shop))

    def action_devices(self) -> None:
        """What is attached, and what can be tried."""
        from huiyuan.screens.devices import DevicesScreen

        self.go(DevicesScreen(self.shop))

    def action_reports(self) -> None:
        """Ctrl-R."""
        from huiyuan.screens.reports import ReportsScreen

        self.go(ReportsScreen(self.shop))

    def action_life(self) -> None:
        """A card's life."""
        from huiyuan.screens.card_life import CardLifeScreen

        self.go(CardLifeScreen(self.shop))

    def action_due(self) -> None:
        """What was promised and can be booked now."""
        from huiyuan.screens.bonus_due import BonusDueScreen

        self.go(BonusDueScreen(self.shop))

    def action_value(self) -> None:
        """The desk of its rules."""
        from huiyuan.screens.value_rules import ValueRulesScreen

        self.go(ValueRulesScreen(self.shop))
