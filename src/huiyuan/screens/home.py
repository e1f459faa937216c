"""Home: the one box, what can be done, and what a person should know before doing it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.found import FoundMember
from huiyuan.domain.model.identity import OpenShift
from huiyuan.domain.usecases.charging import resolve_charges
from huiyuan.screens import messages, paying_news
from huiyuan.screens.approval_hint import ApprovalHint
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.commands import Command, commands_of, key_shown
from huiyuan.screens.dialogs.pins import OwnPin, PinChange
from huiyuan.screens.finding import FindingScreen
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.home_menu import HomeMenu
from huiyuan.screens.kept_basket import waits
from huiyuan.screens.outage import send_again, unsent_text, works_offline
from huiyuan.screens.outbox_sending import OUTBOX, messages_text, send_left
from huiyuan.screens.paper import OWED, put_owed_slips
from huiyuan.screens.reader_messages import DeviceStands
from huiyuan.screens.signing_out import ask_to_sign_out
from huiyuan.screens.unsettled import UnsettledScreen, settled_text
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.widgets.standing import Standing, handover_text

DRAIN_EVERY_S = 15
NEEDS_SHIFT = frozenset({"sale", "top_up", "issue", "returns", "void"})


FOLD = "fold"
MOVES = frozenset({"up", "down"})


class HomeScreen(ShopScreen[None], FindingScreen[None], ApprovalHint, HomeMenu):
    """The one box, below it who was found or a menu that is the command table, and the facts of this seat."""

    SCOPE = "home"
    TITLE_TEXT = msg("Home")

    DEFAULT_CSS = """
    HomeScreen #menu, HomeScreen #found { height: 1fr; }
    HomeScreen #hint { color: $text-warning; height: auto; }
    HomeScreen #found, HomeScreen #found-note { display: none; }
    HomeScreen.finding #found, HomeScreen.finding #found-note { display: block; }
    HomeScreen.finding #menu, HomeScreen.finding #hint { display: none; }
    """

    def body(self) -> ComposeResult:
        """Box, menu or members, hint, facts."""
        yield from self.find_box()
        yield from self.find_rows()
        yield RowList([Column("", 6), Column("", 18), Column("")], id="menu", header=False)
        yield Prose("", id="hint")
        yield Standing(id="facts")

    def on_mount(self) -> None:
        """Show what is known, then ask for what may have changed. Whatever is typed goes into the box."""
        for rows in self.query(RowList):
            rows.can_focus = False
        self.query_one("#box", Input).focus()
        self.show_facts()
        self.open_left()
        self.set_interval(DRAIN_EVERY_S, self.drain_if_open)

    def open_left(self) -> None:
        """What was scanned before a crash is there again; what had become of it is said."""
        shop, say = self.shop, self.say
        returning, topping = shop.baskets.returning, shop.baskets.topping
        if shop.shift is not None and shop.may("top_up") and topping.kept():
            self.call_after_refresh(self.action_top_up)
        elif shop.shift is not None and shop.may("sale") and shop.baskets.kept():
            self.call_after_refresh(self.action_sale)
        elif shop.shift is not None and shop.may("return") and returning.kept():
            self.call_after_refresh(self.action_returns)
        if receipt := shop.baskets.sold_before():
            self.tell(say(msg("The sale of before stands: receipt {receipt}."), receipt=receipt), "good")
        elif receipt := returning.sold_before():
            self.tell(say(msg("The return of before stands: receipt {receipt}."), receipt=receipt), "good")
        elif receipt := topping.sold_before():
            self.tell(say(msg("The top-up of before stands: receipt {receipt}."), receipt=receipt), "good")

    def on_screen_resume(self) -> None:
        """Whoever shares the drawer may have opened or closed its shift."""
        self.listen()
        ask(self, self.shop.sign_in.hello, then=messages.Greeted, subject="hello")

    def menu(self) -> list[Command]:
        """The commands of this screen that may be chosen now."""
        rows = (c for c in commands_of(self.SCOPE) if c.scope == "home" and not c.bar)
        return [c for c in rows if c.action not in MOVES and self.allowed(c)]

    def applies(self, action: str) -> bool:
        """Without a shift nothing that moves money."""
        if action in NEEDS_SHIFT:
            return self.shop.shift is not None
        return True

    def fold_if_closed(self, now: OpenShift | None) -> None:
        """Who was here in a shift that was closed counts as seen."""
        was, finder = self.shop.shift, self.shop.finder
        if was is not None and now is None:
            ask(self, lambda: finder.fold_last_seen(was.id), then=messages.LastSeenFolded, subject=FOLD)

    @on(messages.Refused)
    def not_folded(self, message: messages.Refused) -> None:
        """Nothing that a person at the counter could do about."""
        if message.subject in {FOLD, OWED, OUTBOX}:
            message.prevent_default()

    def show_facts(self) -> None:
        """Menu and facts as they stand now."""
        say, shop = self.say, self.shop
        self.query_one("#menu", RowList).show_rows(
            [(key_shown(c, self.app._keymap), say(c.label), say(c.help)) for c in self.menu()]
        )
        hint = ""
        if shop.shift is None and shop.may("shift"):
            hint = say(msg("No shift is open on this drawer. Open one first (F4), then sell."))
        elif shop.shift is None:
            hint = say(msg("No shift is open on this drawer. Somebody who may has to open one."))
        hints = [hint, handover_text(shop), waits(shop), self.approvals_text(), self.reviews_text()]
        self.query_one("#hint", Prose).show("\n".join(filter(None, [*hints, messages_text(shop)])))
        self.query_one(Standing).show_shop(self.shop)
        self.refresh_bindings()

    def reviews_text(self) -> str:
        """What is to be decided about sales of an outage, for who may."""
        hello = self.shop.hello
        if hello is None or not hello.reviews or not self.shop.may("approve"):
            return ""
        return self.say(msg("{count} things about sales without the line are to be decided (^O)."),
                        count=hello.reviews)  # fmt: skip

    @on(messages.SlipMoved)
    @on(messages.PrinterStands)
    @on(DeviceStands)
    def show_standing(self) -> None:
        """Paper moved on beside this screen."""
        self.refresh_status()
        self.query_one(Standing).show_shop(self.shop)

    @on(messages.Greeted)
    def take_hello(self, message: messages.Greeted) -> None:
        """Facts of the seat, read anew."""
        ahead = self.shop.clock.now() - message.hello.now
        self.fold_if_closed(message.hello.shift)
        put_owed_slips(self, self.shop)
        send_left(self, self.shop, message.hello.messages)
        self.set_shop(replace(self.shop, hello=message.hello, shift=message.hello.shift, clock_ahead=ahead))
        self.show_facts()

    def drain_if_open(self) -> None:
        """Send again what has no answer; while nothing is open, nothing is asked."""
        if self.app.screen is self and works_offline(self.shop):
            send_again(self, self.shop)
        elif self.app.screen is self and self.shop.door.open_counts()[0]:
            ask(self, self.shop.door.drain, then=messages.Resent, subject="drain")
        charges, gateway = self.shop.charges, self.shop.gateway
        if self.app.screen is self and gateway.configured and charges.open_count():
            work = partial(resolve_charges, charges, gateway)
            ask(self, work, then=paying_news.ChargesResolved, subject="charges")

    @on(paying_news.ChargesResolved)
    def show_open_payments(self) -> None:
        """Fewer, or as many as before."""
        self.show_facts()

    @on(messages.Resent)
    def show_resent(self, message: messages.Resent) -> None:
        """Tell what was settled."""
        if message.drained.settled:
            self.tell(settled_text(self.say, message.drained), "good")
            put_owed_slips(self, self.shop)
        self.show_facts()
        if not message.drained.left:
            from huiyuan.screens.switching import offer_sign_in

            offer_sign_in(self)

    @on(messages.OwedKept)
    def show_owed(self, message: messages.OwedKept) -> None:
        """Why the printer starts by itself."""
        if message.slips:
            text = self.say(msg("{count} slips were still owed and are printed now."), count=message.slips)
            self.tell(text, "good")

    # The box

    def found_changed(self) -> None:
        """Members instead of the menu while something is typed."""
        self.set_class(bool(self.typed), "finding")

    def list_shown(self) -> RowList:
        """The rows that the arrows move in."""
        return self.query_one("#found" if self.typed else "#menu", RowList)

    def enter_empty(self) -> None:
        """Enter on the menu does what the key does."""
        index = self.query_one("#menu", RowList).marked
        if index is not None:
            self.run_named(self.menu()[index].action)

    def chosen(self, member: FoundMember) -> None:
        """The member's page; the box is empty when one comes back."""
        from huiyuan.screens.opening import open_member

        self.clear_box()
        self.tell("")
        open_member(self, member)

    def open_marked(self) -> None:
        """A card without a member has a screen of its own."""
        card = self.found.card
        if card is not None and not self.found.members and self.shop.may("sale"):
            from huiyuan.screens.card import CardScreen

            self.clear_box()
            self.go(CardScreen(self.shop, card.number))
        else:
            super().open_marked()

    def open_receipt(self, receipt: str) -> None:
        """What a receipt was, in a sentence; taking it back is a command of its own."""
        reads = self.shop.reads
        ask(self, lambda: reads.find_document(receipt), then=messages.DocumentFound, subject="document")

    @on(messages.DocumentFound)
    def show_receipt(self, message: messages.DocumentFound) -> None:
        """Kind, amount, when, by whom."""
        say, found = self.say, message.found
        text = say(
            msg("{receipt}: {kind} {amount}, {moment}, {staff}."), receipt=found.posted.receipt,
            kind=say.kind(found.document.kind), amount=say.money(found.posted.total_minor),
            moment=say.moment(found.posted.posted_at), staff=found.staff_name,
        )  # fmt: skip
        if found.reversed_by is not None:
            text += " " + say(msg("It was taken back."))
        self.tell(text)

    # What the menu opens

    def action_sale(self) -> None:
        """F2."""
        from huiyuan.screens.sale import SaleScreen

        self.go(SaleScreen(self.shop))

    def action_shift(self) -> None:
        """F4."""
        from huiyuan.screens.shift import ShiftScreen

        self.app.push_screen(ShiftScreen(self.shop), self.after_shift)

    def after_shift(self, shift: OpenShift | None) -> None:
        """The shift that is open now, or None."""
        self.fold_if_closed(shift)
        self.set_shop(replace(self.shop, shift=shift))
        self.show_facts()

    def action_new_member(self) -> None:
        """Ctrl-N: then the new member's page."""
        from huiyuan.screens.member import MemberScreen
        from huiyuan.screens.member_edit import MemberEditScreen

        def open_page(member: int | None) -> None:
            if member is not None:
                self.go(MemberScreen(self.shop, member))

        self.app.push_screen(MemberEditScreen(self.shop, None), open_page)

    def action_unsettled(self) -> None:
        """Ctrl-O."""
        self.go(UnsettledScreen(self.shop))

    def action_held(self) -> None:
        """By its name: to look at, and to clear away."""
        from huiyuan.screens.held import HeldScreen

        self.app.push_screen(HeldScreen(self.shop))

    def action_switch(self) -> None:
        """Somebody else goes on at this counter."""
        from huiyuan.screens.switching import SwitchSheet, may_switch

        if may_switch(self.app):
            self.app.push_screen(SwitchSheet(self.shop), lambda _: self.show_facts())

    def action_pin(self) -> None:
        """Ctrl-P."""
        self.app.push_screen(OwnPin(self.shop), self.change_pin)

    def change_pin(self, change: PinChange | None) -> None:
        """Both PINs in one question."""
        if change is None:
            return
        port = self.shop.sign_in

        def work() -> None:
            port.change_pin(old_pin=change.old, new_pin=change.new)

        ask(self, work, then=lambda _: messages.PinChanged(), subject=WRITE)

    @on(messages.PinChanged)
    def say_changed(self) -> None:
        """Done."""
        self.tell(self.say(msg("Your PIN is changed. Use the new one from now on.")), "good")

    def action_back(self) -> None:
        """Esc empties the box, then asks whether to sign out."""
        if self.typed:
            self.clear_box()
        elif unsent := unsent_text(self.shop):
            self.tell(unsent, "warn")
        elif not self.writing:
            ask_to_sign_out(self)

    @on(messages.PersonSignedOut)
    def leave(self) -> None:
        """To the sign-in."""
        self.dismiss(None)

    @on(messages.NoLine)
    def leave_without_line(self, message: messages.NoLine) -> None:
        """A dead line must not keep anybody signed in on this screen."""
        if message.subject == WRITE:
            self.dismiss(None)
