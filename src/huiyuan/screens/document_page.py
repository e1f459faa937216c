"""A document of this store as its slip, and what lists have in common whose rows open one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from huiyuan.config.i18n import msg
from huiyuan.domain.model.identity import Hello, SlipText
from huiyuan.domain.model.posted import PostedDocument
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.paper import slip_of
from huiyuan.screens.row_pages import RowPages
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Paper

R = TypeVar("R")


def head_of(hello: Hello, receipt: str) -> Hello:
    """A slip of another store bears that store's code, and not this one's name and address."""
    code, _, rest = receipt.partition("-")
    if not rest or code == hello.store.code:
        return hello
    return replace(hello, store=replace(hello.store, code=code, name=code), slip=SlipText())


class DocumentRow(Protocol):
    """A row that stands for a document."""

    @property
    def document(self) -> UUID: ...


Row = TypeVar("Row", bound=DocumentRow)


class DocumentPage(ShopScreen[None]):
    """A document of this store as its slip; nothing is printed.

    `goods` are names by product, for documents whose lines carry none.
    """

    SCOPE = "reader"
    TITLE_TEXT = msg("Document")

    DEFAULT_CSS = """
    DocumentPage VerticalScroll { height: 1fr; }
    """

    def __init__(self, shop: Shop, found: PostedDocument, goods: Mapping[int, str]) -> None:
        super().__init__(shop)
        self.found = found
        self.goods = goods

    def body(self) -> ComposeResult:
        """The slip, scrolled by the arrows."""
        found = self.found
        names = {line.n: line.name for line in found.lines}
        slip = slip_of(
            self.shop,
            found.document,
            found.posted,
            names=names,
            stock_names={**found.goods, **self.goods},
            staff_name=found.staff_name,
            holder=found.attached.member.name if found.attached else None,
            card_number=next((found.cards.get(each.wallet) for each in found.document.transfers), None),
            to_card=next((found.cards.get(each.taker) for each in found.document.transfers), None),
            hello=head_of(self.shop.greeting, found.posted.receipt),
        )
        with VerticalScroll(id="paper"):
            yield Paper(slip.lines, columns=slip.columns)

    def on_mount(self) -> None:
        """Which one."""
        self.aside(self.found.posted.receipt)
        self.query_one("#paper").focus()

    def action_close_page(self) -> None:
        """Enter."""
        self.dismiss(None)


class OpensDocuments(ShopScreen[R]):
    """A screen whose rows stand for documents. Named behind the list's base, whose styles are read."""

    def open_document(self, document: UUID) -> None:
        """Read it, and show its slip over the list."""
        reads = self.shop.reads
        ask(self, lambda: reads.document(document), then=messages.DocumentFound, subject="document")

    def names_of_goods(self) -> Mapping[int, str]:
        """By product, where a document's lines may carry none."""
        return {}

    @on(messages.DocumentFound)
    def show_document(self, message: messages.DocumentFound) -> None:
        """Over the list."""
        self.app.push_screen(DocumentPage(self.shop, message.found, self.names_of_goods()))

    @on(messages.Refused)
    def say_not_here(self, message: messages.Refused) -> None:
        """Imported and other stores' documents are no slips of this store."""
        if message.subject == "document" and message.error.code == "wrong_origin":
            message.stop()
            message.prevent_default()
            text = msg("This document was imported or is of another store; it has no slip here.")
            self.tell(self.say(text), "warn")


class DocumentList(RowPages[None, Row], OpensDocuments[None], Generic[Row]):
    """Rows that are documents, newest first; Enter opens one. A screen says what it lists."""

    def place_of(self, row: Row) -> object:
        """The document."""
        return row.document

    def open_row(self, row: Row) -> None:
        """The document as its slip."""
        self.open_document(row.document)
