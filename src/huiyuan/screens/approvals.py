"""Approvals: what waits for a second person in the stores of whoever may sign, live, with what it concerns.

Always true: what is signed is exactly what is shown; whoever opens a row is seen by the one who asked; nobody
signs what he asked himself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message

from huiyuan.config.i18n import msg
from huiyuan.domain.model.approval import Proposal, ProposedGoods
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.waiting import HearsApprovals
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.widgets.rows import Column, RowList
from huiyuan.screens.wording import Wording

APPROVE: Final = "approve"
DECLINE: Final = "decline"
GOODS_SHOWN: Final = 6


@dataclass
class ProposalsListed(Message):
    """What is open now."""

    proposals: Sequence[Proposal]


class ProposalAnswered(Message):
    """Signed or declined."""


class LookNoted(Message):
    """The asker sees who looks."""


def concerns(shop: Shop, proposal: Proposal) -> list[str]:
    """What is signed, a line each: who asks where, what, how much, why, how it is paid."""
    say, document = shop.say, proposal.document
    by_hand = sum(each.amount_minor for each in document.adjustments if each.source == "manual")
    told = [
        say(msg("{kind} {amount}, asked by {name} at {place}, {moment}."), kind=say.kind(document.kind),
            amount=say.money(proposal.total_minor), name=f"{proposal.by_number} {proposal.by_name}",
            place=f"{proposal.store}-{proposal.terminal}", moment=say.moment(proposal.at)),
    ]  # fmt: skip
    if document.reason:
        told.append(say(msg("Reason: {reason}"), reason=document.reason))
    if by_hand:
        told.append(say(msg("Discount by hand: {amount}"), amount=say.money(by_hand)))
    if proposal.of_receipt:
        told.append(say(msg("Of receipt {receipt}"), receipt=proposal.of_receipt))
    if proposal.member:
        told.append(say(msg("Member: {name}"), name=proposal.member))
    told += [goods_text(say, each) for each in proposal.goods[:GOODS_SHOWN]]
    if (count := len(document.lines) + len(document.backs)) > min(len(proposal.goods), GOODS_SHOWN):
        told.append(say(msg("Lines: {count}"), count=count))
    told += [f"{say.tender(each.kind)} {say.money(each.amount_minor)}" for each in document.tenders[:4]]
    told += [f"{each.account} {each.amount:+d}" for each in document.corrections[:4]]
    if document.counted_minor is not None:
        told.append(say(msg("Counted: {amount}"), amount=say.money(document.counted_minor)))
    return told


def goods_text(say: Wording, goods: ProposedGoods) -> str:
    """One line by name: how much, for how much, which way."""
    quantity = "" if goods.qty_milli is None else f"{say.quantity(goods.qty_milli)} x "
    total = "" if goods.total_minor is None else f"  {say.money(goods.total_minor)}"
    text = f"{quantity}{goods.name}{total}"
    return say(msg("Comes back: {goods}"), goods=text) if goods.back else text


class ProposalSheet(Sheet[str]):
    """One proposal in full; answers `approve` or `decline`."""

    SCOPE = "proposal"

    def __init__(self, shop: Shop, proposal: Proposal) -> None:
        super().__init__(shop, shop.say(msg("Approval by a second person")))
        self.proposal = proposal

    def body(self) -> ComposeResult:
        """A line each."""
        for text in concerns(self.shop, self.proposal):
            yield Prose(text)

    def on_mount(self) -> None:
        """Whoever asked sees who looks."""
        approvals, asked = self.shop.approvals, self.proposal.asked
        ask(self, lambda: approvals.look(asked), then=lambda _: LookNoted(), subject="look")

    def action_approve(self) -> None:
        """F2."""
        self.dismiss(APPROVE)

    def action_decline(self) -> None:
        """F4."""
        self.dismiss(DECLINE)


class ApprovalsScreen(ShopScreen[None], HearsApprovals[None]):
    """What is open, newest last, as it happens."""

    SCOPE = "approvals"
    TITLE_TEXT = msg("Approvals")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.proposals: list[Proposal] = []
        self.done = ""

    def body(self) -> ComposeResult:
        """One list."""
        say = self.say
        yield RowList(
            [Column(say(msg("Document"))), Column(say(msg("Amount")), 12, "right"),
             Column(say(msg("Till")), 10), Column(say(msg("Staff")), 14), Column(say(msg("Until")), 8)],
            id="proposals",
            empty=say(msg("Nothing waits for approval.")),
        )  # fmt: skip

    def on_mount(self) -> None:
        """The list; what listens has it read, the first time at once."""
        self.query_one(RowList).focus()

    def read_news(self) -> None:
        """What is open now."""
        ask(self, self.shop.sign_in.proposals, then=ProposalsListed, subject="proposals")

    @on(ProposalsListed)
    def show_list(self, message: ProposalsListed) -> None:
        """Others' only: nobody signs his own."""
        say = self.say
        self.proposals = [each for each in message.proposals if each.state == "open" and not each.own]
        rows = [
            (say.kind(each.document.kind), say.figure(each.total_minor), f"{each.store}-{each.terminal}",
             each.by_name, each.expires_at.astimezone(say.zone).strftime("%H:%M"))
            for each in self.proposals
        ]  # fmt: skip
        self.query_one(RowList).show_rows(rows)
        if self.done:
            self.tell(self.done, "good")
            self.done = ""
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """A row to open."""
        return bool(self.proposals) if action == "enter" else super().applies(action)

    @on(RowList.Chosen)
    def open_proposal(self, message: RowList.Chosen) -> None:
        """Enter: in full, then yes or no."""
        message.stop()
        proposal, port = self.proposals[message.index], self.shop.sign_in

        def answered(answer: str | None) -> None:
            if answer is None:
                return
            yes = answer == APPROVE
            self.done = self.say(msg("Approved. The counter that asked goes on by itself.") if yes
                                 else msg("Declined. Nothing is booked."))  # fmt: skip
            deed = port.approve if yes else port.decline
            ask(self, lambda: deed(proposal.asked), then=lambda _: ProposalAnswered(), subject=WRITE)

        self.app.push_screen(ProposalSheet(self.shop, proposal), answered)

    @on(ProposalAnswered)
    def read_again(self) -> None:
        """One less."""
        self.read_news()

    def action_refresh(self) -> None:
        """F5."""
        self.read_news()
