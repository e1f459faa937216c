"""Which member? The one box over a screen that needs one: for a first card, a top-up, a sale."""

from __future__ import annotations

from textual.app import ComposeResult

from huiyuan.domain.model.found import FoundMember
from huiyuan.screens.finding import FindingScreen
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import ShopInput
from huiyuan.screens.widgets.rows import RowList


class MemberPicker(Sheet[FoundMember], FindingScreen[FoundMember]):
    """Answers the member that was chosen, None for Esc.

    Args:
        text: What stands in the box at first, such as what was typed in the field that wants a member.
    """

    SCOPE = "picker"

    DEFAULT_CSS = """
    MemberPicker #found { height: 9; }
    """

    def __init__(self, shop: Shop, title: str, *, text: str = "") -> None:
        super().__init__(shop, title)
        self.text = text

    def body(self) -> ComposeResult:
        """Box and rows."""
        yield from self.find_box()
        yield from self.find_rows()

    def on_mount(self) -> None:
        """The box has the keys; the rows are marked by the arrows."""
        self.query_one(RowList).can_focus = False
        box = self.query_one("#box", ShopInput)
        box.focus()
        if self.text:
            box.value = self.text
            box.cursor_position = len(self.text)

    def chosen(self, member: FoundMember) -> None:
        """Hand it back."""
        self.dismiss(member)
