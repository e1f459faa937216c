"""THE table of commands: keys, key bar, help screen, permission and both languages come from it.

Always true: a command is one row here and nowhere else; its id begins with the scope of the screen that has
it (`sale.pay`), and the screen has a method `action_<action>`. Keys are F2 to F9, Enter, Esc, Tab, arrows
and control letters that no terminal takes away; where no field takes letters, digits serve as well. A row
without an action is a key that a field or list answers by itself: shown and explained, not bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from textual.binding import Binding

from huiyuan.config.i18n import msg

EVERYWHERE: Final = "any"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a person can do.

    Attributes:
        key: Textual key names, the first of which is shown.
        needs: The permission without which the command is neither shown nor done; empty for none.
        writes: It posts or changes something, so it is off while a write is under way.
        bar: It stands in the key bar (the help screen shows every command).
    """

    id: str
    key: str
    action: str
    label: str
    help: str
    needs: str = ""
    writes: bool = False
    bar: bool = True

    @property
    def scope(self) -> str:
        return self.id.partition(".")[0]


def _c(
    name: str,
    key: str,
    action: str,
    label: str,
    explained: str,
    *,
    needs: str = "",
    writes: bool = False,
    bar: bool = True,
) -> Command:
    return Command(name, key, action, label, explained, needs=needs, writes=writes, bar=bar)


def _m(name: str, key: str, action: str, label: str, explained: str, *, needs: str = "") -> Command:
    """A row of the home menu, which stands there and not in the key bar."""
    return Command(name, key, action, label, explained, needs=needs, bar=False)


AGAIN: Final = msg("Sends the same document again; it can only ever be booked once.")

COMMANDS: Final = (
    # Everywhere
    _c("any.help", "ctrl+g", "help", msg("Help"), msg("Shows every key of this screen.")),
    _c("any.back", "escape", "back", msg("Back"),
       msg("Leaves this screen; asks first if something is lost.")),
    _c("any.palette", "ctrl+l", "palette", msg("Commands"),
       msg("Lists what can be done from here; type to find it in either language."), bar=False),
    # Sign-in
    _c("sign_in.next", "enter", "", msg("Sign in"), msg("Goes to the PIN, and then signs in.")),
    _c("sign_in.unsettled", "f5", "unsettled", msg("Open items"),
       msg("Documents without an answer or waiting for a decision.")),
    _c("sign_in.again", "f6", "again", msg("Connect again"), msg("Asks the server again.")),
    _c("sign_in.language", "f8", "language", msg("中文/English"),
       msg("Changes the language of this counter.")),
    _c("sign_in.quit", "ctrl+q", "quit_app", msg("Quit"), msg("Ends the program after asking.")),
    # Home
    _m("home.sale", "f2", "sale", msg("Sale"), msg("Rings up goods and takes the money."), needs="sale"),
    _m("home.top_up", "f3", "top_up", msg("Top up"), msg("Puts money on a card."), needs="top_up"),
    _m("home.shift", "f4", "shift", msg("Shift"),
       msg("Opens, reads (X), counts and closes (Z) the shift."), needs="shift"),
    _m("home.issue", "f5", "issue", msg("Issue a card"),
       msg("Hands a blank card to a member or a bearer."), needs="card_issue"),
    _m("home.activate", "f6", "activate", msg("Activate a card"),
       msg("Makes an issued card usable and sets its PIN."), needs="card_activate"),
    _m("home.returns", "f7", "returns", msg("Return goods"),
       msg("Takes back goods; the money goes the way it came."), needs="return"),
    _m("home.void", "f8", "void", msg("Void"),
       msg("Takes back a whole document of this shift."), needs="reverse"),
    _m("home.receive", "f9", "receive", msg("Receive stock"),
       msg("Books goods that arrived into this store."), needs="stock_receive"),
    _m("home.unsettled", "ctrl+o", "unsettled", msg("Open items"),
       msg("Documents and slips that wait for somebody; the printer.")),
    _m("home.staff", "ctrl+t", "staff", msg("Staff"),
       msg("Adds a person, resets a PIN, lets somebody leave."), needs="staff"),
    _m("home.reports", "ctrl+r", "reports", msg("Reports"),
       msg("Turnover and other figures, with what they count."), needs="report"),
    _m("home.new_member", "ctrl+n", "new_member", msg("New member"),
       msg("Writes down somebody who has no account yet."), needs="members"),
    _m("home.stock", "ctrl+k", "stock", msg("Stock on hand"),
       msg("What stands in the stores, and what moved it.")),
    _m("home.pin", "ctrl+p", "pin", msg("Change my PIN"), msg("Changes your own PIN; the old one is asked.")),
    _c("home.choose", "enter", "", msg("Open"),
       msg("Opens the member that was found, or the marked row of the menu.")),
    _c("home.up", "up", "up", msg("Up"), msg("Marks the row above."), bar=False),
    _c("home.down", "down", "down", msg("Down"), msg("Marks the row below."), bar=False),
    _c("home.sign_out", "escape", "back", msg("Sign out"), msg("Ends your session on this counter.")),
    # Sale
    _c("sale.enter", "enter", "", msg("Add"),
       msg("Adds the code or barcode, or attaches the card. 3*CODE adds three.")),
    _c("sale.pay", "f2", "pay", msg("Pay"), msg("Goes on to the payment.")),
    _c("sale.quantity", "f3", "quantity", msg("Quantity"), msg("Sets the quantity of the marked line.")),
    _c("sale.remove", "f4", "remove", msg("Remove line"), msg("Takes the marked line off the basket.")),
    _c("sale.detach", "f5", "detach", msg("Without card"),
       msg("Takes the card off the sale; prices go back to the list.")),
    _c("sale.price", "f6", "price", msg("Price"),
       msg("Types a price for the marked line; the list's own price lifts it again.")),
    _c("sale.member", "f7", "member", msg("Member"),
       msg("Finds a member by name, pinyin, phone or its last four and attaches them without a card.")),
    _c("sale.void", "f8", "void", msg("Void last"),
       msg("Takes back the last document of this shift."), needs="reverse"),
    _c("sale.clear", "f9", "clear", msg("Clear"), msg("Empties the basket after asking.")),
    _c("sale.up", "up", "up", msg("Up"), msg("Marks the line above."), bar=False),
    _c("sale.down", "down", "down", msg("Down"), msg("Marks the line below."), bar=False),
    # Payment
    _c("payment.enter", "enter", "", msg("Cash / done"),
       msg("Takes the amount typed in cash; nothing typed means the exact rest. Done when nothing is left.")),
    _c("payment.stored", "f3", "stored", msg("Stored value"),
       msg("Takes the amount typed, or the rest, from the card of this sale.")),
    _c("payment.bank", "f4", "bank", msg("Bank card"),
       msg("Takes the amount typed, or the rest, by bank card and asks for the slip's reference.")),
    _c("payment.mobile", "f6", "mobile", msg("Mobile pay"),
       msg("Takes the amount typed, or the rest, by phone and asks for the payment's reference.")),
    _c("payment.points", "f7", "points", msg("Points"),
       msg("Lets the card's points pay: the most that the rule allows, or the amount typed.")),
    _c("payment.undo", "f8", "undo", msg("Remove tender"), msg("Takes the last tender back.")),
    _c("payment.again", "f5", "again", msg("Check again"),
       AGAIN),
    _c("payment.reprice", "f5", "reprice", msg("New prices"),
       msg("Reads the goods anew and goes back to the basket with the prices in force.")),
    # Result
    _c("result.next", "enter", "next", msg("Go on"), msg("On to the next customer.")),
    _c("result.printer", "f6", "printer", msg("Printer"),
       msg("Slips that wait, a test page, a copy of any receipt.")),
    _c("result.reprint", "f5", "reprint", msg("Print again"),
       msg("Tries a slip that waits at once; a printed one comes again, marked as a copy.")),
    # Top-up
    _c("top_up.enter", "enter", "", msg("Next"), msg("Goes to the next field; from the amount: takes cash.")),
    _c("top_up.cash", "f2", "cash", msg("Cash"), msg("Takes the amount in cash."), writes=True),
    _c("top_up.bank", "f4", "bank", msg("Bank card"),
       msg("Takes the amount by bank card and asks for the slip's reference."), writes=True),
    _c("top_up.card", "f9", "card", msg("Card"),
       msg("State, balance and movements of a card; issue, activate, top up."), needs="sale"),
    _c("top_up.again", "f5", "again", msg("Check again"),
       AGAIN),
    # Shift
    _c("shift.enter", "enter", "", msg("Open shift"),
       msg("Opens the shift with the float typed."), bar=False),
    _c("shift.refresh", "f5", "refresh", msg("Read again"), msg("Reads the shift anew (X report).")),
    _c("shift.print", "f6", "print", msg("Print X"), msg("Prints the X report.")),
    _c("shift.close", "f4", "close_shift", msg("Close shift"),
       msg("Asks for the counted cash and closes the shift (Z report)."), needs="shift", writes=True),
    _c("shift.again", "f7", "again", msg("Check again"),
       AGAIN),
    # Void
    _c("void.enter", "enter", "", msg("Void"), msg("Takes the marked document back, after a reason.")),
    _c("void.refresh", "f5", "refresh", msg("Read again"), msg("Reads the documents of this shift anew.")),
    _c("void.again", "f7", "again", msg("Check again"),
       AGAIN),
    # Returns
    _c("returns.enter", "enter", "", msg("Next"),
       msg("Finds the receipt; on a line: how many come back.")),
    _c("returns.all", "f3", "everything", msg("Everything"), msg("Marks all that is left of every line.")),
    _c("returns.post", "f2", "post", msg("Take back"),
       msg("Books the return; the money goes the way it came."), needs="return", writes=True),
    _c("returns.again", "f7", "again", msg("Check again"),
       AGAIN),
    # Card issue
    _c("issue.enter", "enter", "", msg("Next"),
       msg("Finds the card, then the holder; once more takes the fee in cash.")),
    _c("issue.cash", "f2", "cash", msg("Issue, cash"),
       msg("Issues the card; the fee is paid in cash."), writes=True),
    _c("issue.bank", "f4", "bank", msg("Issue, bank card"),
       msg("Issues the card; the fee is paid by bank card."), writes=True),
    _c("issue.again", "f7", "again", msg("Check again"),
       AGAIN),
    # Activation
    _c("activate.enter", "enter", "", msg("Next"), msg("Finds the card, and then activates it.")),
    _c("activate.post", "f2", "post", msg("Activate"), msg("Makes the card usable."), writes=True),
    _c("activate.pin", "f3", "set_pin", msg("Set PIN"),
       msg("The customer chooses the PIN of this card."), needs="card_pin", writes=True),
    _c("activate.card", "f9", "card", msg("Card"),
       msg("State, balance and movements of a card; issue, activate, top up."), needs="sale"),
    _c("activate.again", "f7", "again", msg("Check again"),
       AGAIN),
    # Receiving
    _c("receive.enter", "enter", "", msg("Add"), msg("Adds the code with its quantity: 24*CODE.")),
    _c("receive.post", "f2", "post", msg("Book"), msg("Books the lines into the stock."), writes=True),
    _c("receive.quantity", "f3", "quantity", msg("Quantity"), msg("Sets the quantity of the marked line.")),
    _c("receive.cost", "f6", "cost", msg("Cost"), msg("Sets the cost of one unit of the marked line.")),
    _c("receive.remove", "f4", "remove", msg("Remove line"), msg("Takes the marked line off the list.")),
    _c("receive.again", "f7", "again", msg("Check again"),
       AGAIN),
    _c("receive.up", "up", "up", msg("Up"), msg("Marks the line above."), bar=False),
    _c("receive.down", "down", "down", msg("Down"), msg("Marks the line below."), bar=False),
    # Card
    _c("card.enter", "enter", "", msg("Read"), msg("Reads the card whose number is typed.")),
    _c("card.issue", "f2", "issue", msg("Issue a card"), msg("Hands this blank card to somebody."),
       needs="card_issue"),
    _c("card.top_up", "f3", "top_up", msg("Top up"), msg("Puts money on this card."), needs="top_up"),
    _c("card.activate", "f4", "activate", msg("Activate, PIN"),
       msg("Makes the card usable, sets its PIN."), needs="card_activate"),
    _c("card.holder", "f7", "holder", msg("Member"), msg("Opens the holder's page."), needs="members"),
    _c("card.types", "f8", "types", msg("Card types"), msg("The kinds of cards there are.")),
    # Member
    _c("member.open", "enter", "", msg("Open"),
       msg("Opens the marked card, account or the list of everything bought; Tab changes the list.")),
    _c("member.sale", "f2", "sale", msg("Sale"),
       msg("Sells to this member: prices and points of the tier; stored value needs the card."),
       needs="sale"),
    _c("member.top_up", "f3", "top_up", msg("Top up"), msg("Puts money on a card of this member."),
       needs="top_up"),
    _c("member.edit", "f4", "edit", msg("Edit"), msg("Changes the member's record."), needs="members"),
    _c("member.refresh", "f5", "refresh", msg("Read again"), msg("Reads the page anew."), bar=False),
    _c("member.issue", "f6", "issue", msg("Issue a card"), msg("Hands a blank card to this member."),
       needs="card_issue"),
    _c("member.note", "f7", "note", msg("Add a note"), msg("Adds a note; with ! in front it pops up."),
       needs="members", writes=True),
    _c("member.drop_note", "ctrl+r", "drop_note", msg("Remove a note"), msg("Takes a note off this page."),
       needs="members", writes=True, bar=False),
    _c("member.reveal", "f8", "reveal", msg("Show in full"),
       msg("Shows phone, ID number or address in full; the reason stays on record."),
       needs="reveal", writes=True),
    _c("member.history", "f9", "history", msg("Changes"), msg("Who changed what about this member.")),
    _c("member.verify", "ctrl+t", "verify", msg("To verify"),
       msg("Members whose record somebody should look at."), needs="members", bar=False),
    _c("popped.read", "enter", "read", msg("Read"), msg("Goes on to the member.")),
    # Member's record
    _c("edit.enter", "enter", "", msg("Next"), msg("Goes to the next field; from the last one it saves.")),
    _c("edit.save", "f2", "save", msg("Save"), msg("Keeps the record."), needs="members", writes=True),
    _c("edit.verified", "f5", "verified", msg("Verified"),
       msg("Keeps the record and takes it off the list of those to verify."), needs="members", writes=True),
    _c("edit.open_existing", "f6", "open_existing", msg("Open that member"),
       msg("Opens the member who has this account or phone already.")),
    _c("edit.keep_shared", "f7", "keep_shared", msg("Keep the phone"),
       msg("Saves although somebody else has this phone."), needs="members", writes=True),
    # Statements
    _c("statement.newer", "f2", "newer", msg("Newer"), msg("The page before this one.")),
    _c("statement.older", "f3", "older", msg("Older"), msg("The page after this one.")),
    _c("statement.account", "f4", "account", msg("Next account"), msg("The same of another account.")),
    _c("purchases.newer", "f2", "newer", msg("Newer"), msg("The page before this one.")),
    _c("purchases.older", "f3", "older", msg("Older"), msg("The page after this one.")),
    _c("verify.open", "enter", "", msg("Open"), msg("Opens the marked member.")),
    # Staff
    _c("staff.add", "f2", "add", msg("New person"),
       msg("Number, name, duty, and a PIN."), needs="staff", writes=True),
    _c("staff.reset_pin", "f3", "reset_pin", msg("Reset PIN"), msg("The marked person types a new PIN."),
       needs="staff", writes=True),
    _c("staff.let_go", "f4", "let_go", msg("Leaves"), msg("The marked person may not sign in any more."),
       needs="staff", writes=True),
    # Reports
    _c("reports.open", "enter", "", msg("Open"), msg("Opens the marked report.")),
    _c("turnover.open", "enter", "", msg("Closer"),
       msg("Looks closer at the marked row; Esc goes back out.")),
    _c("turnover.today", "f2", "today", msg("Today"), msg("The business day of today.")),
    _c("turnover.yesterday", "f3", "yesterday", msg("Yesterday"), msg("The business day before today.")),
    _c("turnover.week", "f4", "week", msg("This week"), msg("From Monday to today.")),
    _c("turnover.month", "f5", "month", msg("This month"), msg("From the first of the month to today.")),
    _c("turnover.days", "f6", "days", msg("Days, stores"), msg("Any span of days, and which stores.")),
    _c("turnover.split", "f7", "split", msg("Rows"),
       msg("What a row stands for: days, stores, weeks, months, ways of paying, members.")),
    _c("turnover.bars", "f8", "bars", msg("Chart"), msg("Bars instead of rows, and back.")),
    _c("turnover.export", "f9", "export", msg("Export"),
       msg("Writes what is shown as a workbook or as rows with commas.")),
    # Stock
    _c("stock.open", "enter", "", msg("Movements"), msg("Opens the movements of the marked goods.")),
    _c("stock.only", "f2", "only", msg("Below zero"),
       msg("Only what is below zero, then only what is at zero, then everything.")),
    _c("stock.stores", "f3", "stores", msg("All stores"),
       msg("Every store that you may see, and back to your own.")),
    _c("stock.category", "f4", "category", msg("Category"), msg("Only goods of one category.")),
    _c("stock.more", "f5", "more", msg("More"), msg("Reads the next page.")),
    _c("stock.receive", "f8", "receive", msg("Receive stock"),
       msg("Books goods that arrived into this store."), needs="stock_receive"),
    _c("stock.export", "f9", "export", msg("Export"),
       msg("Writes what is shown as a workbook or as rows with commas.")),
    _c("stock.up", "up", "up", msg("Up"), msg("Marks the line above."), bar=False),
    _c("stock.down", "down", "down", msg("Down"), msg("Marks the line below."), bar=False),
    _c("moves.open", "enter", "", msg("Document"), msg("Opens the document of the marked movement.")),
    _c("moves.more", "f5", "more", msg("Older"), msg("Reads the next page of older movements.")),
    _c("moves.export", "f9", "export", msg("Export"),
       msg("Writes what is shown as a workbook or as rows with commas.")),
    _c("choice.enter", "enter", "", msg("Choose"), msg("Takes the marked row; so does its digit.")),
    # Open items
    _c("unsettled.enter", "enter", "", msg("Decide"),
       msg("Says what was done about a refused document; it then leaves the list.")),
    _c("unsettled.printer", "f6", "printer", msg("Printer"),
       msg("Slips that wait, a test page, a copy of any receipt.")),
    _c("unsettled.drain", "f5", "drain", msg("Send again"),
       msg("Sends everything without an answer again; each can only ever be booked once.")),
    # Printer
    _c("printer.enter", "enter", "", msg("Print"),
       msg("Tries the marked slip at once; one that may be on paper already comes as a copy.")),
    _c("printer.confirm", "f3", "confirm", msg("It is on paper"),
       msg("Says that the marked slip was printed after all.")),
    _c("printer.discard", "f4", "discard", msg("Give up"),
       msg("Takes the marked slip off the list, after a reason; the document stands.")),
    _c("printer.check", "f5", "check", msg("Ask printer"), msg("Asks the printer how it stands.")),
    _c("printer.test", "f6", "test", msg("Test page"),
       msg("Prints a page that shows width, Chinese characters and height.")),
    _c("printer.receipt", "f7", "receipt", msg("Copy"),
       msg("Prints any receipt of this store again, marked as a copy.")),
    # Questions
    _c("question.yes", "enter", "yes", msg("Yes"), msg("Does it.")),
    _c("field.enter", "enter", "", msg("OK"), msg("Takes what is typed.")),
    _c("picker.enter", "enter", "", msg("Take"), msg("Takes the marked member.")),
    _c("picker.up", "up", "up", msg("Up"), msg("Marks the row above."), bar=False),
    _c("picker.down", "down", "down", msg("Down"), msg("Marks the row below."), bar=False),
    _c("palette.enter", "enter", "", msg("Do it"), msg("Does what is marked.")),
    _c("palette.up", "up", "up", msg("Up"), msg("Marks the row above."), bar=False),
    _c("palette.down", "down", "down", msg("Down"), msg("Marks the row below."), bar=False),
    _c("reader.close", "enter", "close_page", msg("Close"), msg("Goes back.")),
)  # fmt: skip


def commands_of(scope: str) -> Iterator[Command]:
    """The commands of one screen, its own first; those of every screen last, unless it has its own."""
    own = [command for command in COMMANDS if command.scope == scope]
    yield from own
    if scope != EVERYWHERE:
        taken = {command.action for command in own}
        for command in COMMANDS:
            if command.scope == EVERYWHERE and command.action not in taken:
                yield command


def bindings_of(scope: str, tr: Callable[[str], str]) -> list[Binding]:
    """Bindings in the language of `tr`, made for each screen instance: a class would freeze the language."""
    return [
        Binding(
            command.key,
            command.action,
            tr(command.label),
            id=command.id,
            show=command.bar,
            tooltip=tr(command.help),
        )
        for command in commands_of(scope)
        if command.action
    ]


KEY_NAMES: Final = {"escape": "Esc", "enter": "Enter", "up": "Up", "down": "Down", "tab": "Tab"}


def key_name(key: str) -> str:
    """How a key is written in the bar and in help: F2, ^G, Enter."""
    first = key.split(",")[0]
    if first.startswith("ctrl+"):
        return "^" + first.removeprefix("ctrl+").upper()
    return KEY_NAMES.get(first, first.upper())
