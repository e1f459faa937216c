"""What a product costs, who gets it cheaper and where it stands, without a sale."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.catalog import PIECE, Product
from huiyuan.domain.model.desk import ItemInfo, Offer
from huiyuan.screens import desk_messages, messages
from huiyuan.screens.ask import ask
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.labels import LabelScreen
from huiyuan.screens.product_care import ProductCare
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.prose import Facts
from huiyuan.screens.widgets.rows import Column, RowList

BP_OF_PERCENT = 100


class ItemInfoScreen(ShopScreen[None], ProductCare[None]):
    """One product after the other.

    Args:
        product: what to begin with.
    """

    SCOPE = "item"
    TITLE_TEXT = msg("Price check")

    DEFAULT_CSS = """
    ItemInfoScreen #facts { margin-bottom: 1; }
    """

    def __init__(self, shop: Shop, product: Product | None = None) -> None:
        super().__init__(shop)
        self.first = product
        self.shown: ItemInfo | None = None

    def body(self) -> ComposeResult:
        """Prices, offers and stock, the field."""
        say = self.say
        yield Facts(id="facts", label_width=18)
        yield RowList(
            [Column(say(msg("Where, or what lowers the price"))), Column("", 24), Column("", 16, "right")],
            id="lines",
            empty=say(msg("Scan a product, or type its name.")),
        )
        yield from self.goods_field(say(msg("Code or name")))

    def on_mount(self) -> None:
        """Ready to scan."""
        self.begin_entry()
        if self.first is not None:
            self.read(self.first.id)

    @on(messages.ProductFound)
    def take_product(self, message: messages.ProductFound) -> None:
        """Ask for all of it."""
        self.read(message.product.id)
        self.looked_up()

    def read(self, product: int) -> None:
        """One question."""
        desk = self.shop.desk
        ask(self, lambda: desk.item_info(product), then=desk_messages.ItemRead, subject="item")

    @on(desk_messages.ItemRead)
    def show_item(self, message: desk_messages.ItemRead) -> None:
        """Everything at once."""
        item = self.shown = message.item
        self.aside(f"{item.name}  {item.code}")
        self.query_one("#facts", Facts).show(self.facts(item))
        self.query_one("#lines", RowList).show_rows(self.rows(item), mark=0)
        self.query_one("#entry", Input).focus()
        self.refresh_bindings()

    def applies(self, action: str) -> bool:
        """A label is of goods that are shown."""
        return self.shown is not None if action == "label" else super().applies(action)

    def action_label(self) -> None:
        """F4."""
        if self.shown is not None:
            self.app.push_screen(LabelScreen(self.shop, self.shown.code))

    def facts(self, item: ItemInfo) -> list[tuple[str, str]]:
        """What it is, and what it costs by which list."""
        say = self.say
        price = say.money(item.price_minor) if item.price_minor is not None else say(msg("no price here"))
        if item.open_price and not item.price_minor:
            price = say(msg("open price"))
        if item.sold_by != PIECE:
            price += f" / {item.base_unit}"
        rows = [(say(msg("Goods")), item.name), (say(msg("Price")), price)]
        rows += [
            (say(msg("Member price")) if name == "member" else name, say.money(amount))
            for name, amount in item.lists
        ]
        more = "  ".join(part for part in (item.brand, item.spec, item.category) if part)
        if more:
            rows.append((say(msg("Details")), more))
        care = [say(msg("from {years} years on"), years=item.min_age)] if item.min_age else []
        care += [item.warning] if item.warning else []
        if care:
            rows.append((say(msg("To mind")), "  ".join(care)))
        if item.barcodes:
            rows.append((say(msg("Barcode")), "  ".join(item.barcodes[:3])))
        return rows

    def rows(self, item: ItemInfo) -> list[tuple[str, ...]]:
        """This store's stock first, the others', then offers."""
        say = self.say
        unit = "" if item.sold_by == PIECE else f" {item.base_unit}"
        rows: list[tuple[str, ...]] = [
            (each.store, say(msg("this store")) if each.here else "", say.quantity(each.qty_milli) + unit)
            for each in item.stock
        ]
        return rows + [(each.name, self.for_whom(each), self.by_how_much(each)) for each in item.offers]

    def for_whom(self, offer: Offer) -> str:
        """The tiers of a rule, and until when it holds."""
        until = self.say(msg("until {moment}"), moment=self.say.moment(offer.until)) if offer.until else ""
        return "  ".join(part for part in (", ".join(offer.tiers), until) if part)

    def by_how_much(self, offer: Offer) -> str:
        """At most so many percent."""
        if not offer.max_bp:
            return ""
        percent = f"{offer.max_bp / BP_OF_PERCENT:g}"
        return self.say(msg("up to -{percent}%"), percent=percent)
