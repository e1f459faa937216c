"""Sign-in: who sits here. What the journal still holds is settled, or shown, before anybody signs in.

It is the first screen, drawn before the counter behind it is put together: nothing is imported here that
only a later screen needs, what the start does stands on it, and an Enter that comes early waits.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from textual import on
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.screens import messages
from huiyuan.screens.ask import ask
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.signs_in import SignsIn
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.plain import fit
from huiyuan.screens.widgets.prose import Prose

if TYPE_CHECKING:
    from huiyuan.domain.model.identity import DemoStaff, Hello

RETRY_S = 5
START: Final = "start"
EARLY: Final = msg("You are signed in as soon as the server has answered.")
ALONE: Final = msg(
    "NO LINE. Whoever signed in here within the last 12 hours may sign in and sell for cash, marked OFFLINE;"
    " everything else waits."
)
NOT_YET: Final = msg("The server has not answered yet. Press Enter again when it has.")


@dataclass
class LanguageWanted(Message):
    """The other language, please."""

    lang: str


@dataclass
class StoreKeys(Message):
    """Commands on function keys of this store's choice."""

    rows: tuple[str, ...]


@dataclass
class QuitWanted(Message):
    """The person wants the program to end."""


class SignInScreen(ShopScreen[None], SignsIn[None]):
    """Staff number and PIN. In a demo the people and their PIN stand beside."""

    SCOPE = "sign_in"
    TITLE_TEXT = msg("Sign in")

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop)
        self.early = False
        """Enter was pressed before the server had answered; what was typed is sent when it has."""
        self.shut_out: Refused | None = None
        """Why nobody can sign in here before somebody else has done something about it."""
        self.alone = False
        """The server does not answer, and this counter's own memory says where it is and who may sell."""

    def body(self) -> ComposeResult:
        """Greeting, open items, two fields, the demo's people."""
        yield Prose("", id="greeting")
        yield Prose("", id="open", classes="warned")
        yield Field(self.say(msg("Staff number")), id="number")
        yield Field(self.say(msg("PIN")), id="pin", password=True)
        yield Prose("", id="demo")

    def on_mount(self) -> None:
        """Ask the server who we are; the first screen of all is drawn before anything else is done."""
        self.query_one("#number", Input).focus()
        if self.shop.starting is None:
            self.greet()
        else:
            self.call_after_refresh(self.greet)

    def applies(self, action: str) -> bool:
        """Open items only if there are any, connecting again only without a greeting."""
        if action == "unsettled":
            return self.shop.hello is not None and self.open_items() > 0
        if action == "again":
            return (self.shop.hello is None or self.alone) and self.shop.line.state != "starting"
        return action != "back"

    def open_items(self) -> int:
        """How many documents wait for an answer or a decision."""
        from huiyuan.screens.unsettled import open_items

        return open_items(self.shop)

    def start(self) -> None:
        """Have the counter behind this screen put together."""
        if self.shop.starting is not None:
            self.mark_line("starting")
            self.tell("")
            self.query_one("#greeting", Prose).show(self.say(msg("Starting ...")))
            self.refresh_bindings()
            ask(self, self.shop.starting, then=messages.Started, subject=START)

    @on(messages.StartStep)
    def show_step(self, message: messages.StartStep) -> None:
        """What the start does now, if it takes long enough to be read."""
        if self.shop.starting is not None:
            self.query_one("#greeting", Prose).show(message.text)

    @on(messages.Started)
    def take_counter(self, message: messages.Started) -> None:
        """It stands; who we are is asked as at every other time."""
        self.set_shop(replace(message.shop, say=self.say))
        self.greet()

    @on(messages.Overdue)
    def wait_for_start(self, message: messages.Overdue) -> None:
        """A first start takes longer than an answer may, and what it does is said."""
        if message.ticket.subject == START:
            message.prevent_default()

    def greet(self) -> None:
        """One round trip: chain, store, seat."""
        self.shut_out = None
        if self.shop.starting is not None:
            self.start()
            return
        if self.shop.hello is None:
            self.query_one("#greeting", Prose).show(self.say(msg("Connecting ...")))
        ask(self, self.shop.sign_in.hello, then=messages.Greeted, subject="hello")

    @on(messages.Greeted)
    def show_greeting(self, message: messages.Greeted) -> None:
        """Now the currency, the zone and the demo's people are known; settle what is open."""
        self.alone = False
        self.take_hello(message.hello)
        ask(self, self.shop.door.drain, then=messages.Resent, subject="drain")
        if self.early:
            self.try_to_sign_in()

    @on(messages.Refused)
    def stay_outside(self, message: messages.Refused) -> None:
        """Refused before anybody could sign in: nothing is being connected any more."""
        if message.subject in {"hello", START}:
            self.early = False
            self.shut_out = message.error
            self.query_one("#greeting", Prose).show("")
        if message.subject == START:
            self.mark_line("not_started")
            self.refresh_bindings()

    def take_hello(self, hello: Hello) -> None:
        """Make these facts this screen's and those of every screen after it."""
        say = replace(
            self.say,
            currency=hello.chain.currency,
            minor_digits=hello.chain.minor_digits,
            time_zone=hello.chain.time_zone,
            tender_names=hello.tender_names,
        )
        ahead = self.shop.clock.now() - hello.now
        self.post_message(StoreKeys(hello.function_keys))
        self.say = say
        self.set_shop(replace(self.shop, say=say, hello=hello, shift=hello.shift, clock_ahead=ahead))
        greeting = say(msg("{chain}: {store}, seat {seat}"), chain=hello.chain.name, store=hello.store.name,
                       seat=hello.terminal.code)  # fmt: skip
        self.query_one("#greeting", Prose).show(greeting)
        self.query_one("#demo", Prose).show(self.demo_text(hello.demo_staff) if hello.chain.demo else "")
        self.show_open_items()

    def demo_text(self, people: tuple[DemoStaff, ...]) -> str:
        """Who may sign in to the demo, and with which PIN."""
        say = self.say
        rows = [say(msg("This is a demo. Nothing here is real. Sign in as:"))]
        rows += [f"  {fit(each.number, 8)}  {fit(each.name, 12)}  {each.duty}" for each in people]
        rows.append(say(msg("The PIN of each is the staff number.")))
        return "\n".join(["", *rows])

    @on(messages.Resent)
    def show_resent(self, message: messages.Resent) -> None:
        """What became of the journal's documents."""
        self.show_open_items()
        if message.drained.settled:
            from huiyuan.screens.unsettled import settled_text

            self.tell(settled_text(self.say, message.drained), "good")

    def show_open_items(self) -> None:
        """A sentence if something waits for a person."""
        count = self.open_items()
        text = ""
        if count:
            text = self.say(
                msg("{count} documents have no answer yet or wait for a decision (F5)."), count=count
            )
        if self.shop.shift is not None and not text:
            from huiyuan.screens.widgets.standing import handover_text

            text = handover_text(self.shop)
        if self.alone:
            text = " ".join(filter(None, [self.say(ALONE), text]))
        if self.shop.read_only:
            text = sentence(self.say, Refused("read_only"))
        self.query_one("#open", Prose).show(text)
        self.refresh_bindings()

    @on(messages.NoLine)
    def wait_for_line(self, message: messages.NoLine) -> None:
        """Ask again by itself: nobody should have to restart a counter because of a cable."""
        if message.subject == "hello":
            kept = self.shop.sign_in.kept_hello() if not self.shop.read_only else None
            if kept is None:
                asking = self.say(msg("The server does not answer. Asking again ..."))
                self.query_one("#greeting", Prose).show(asking)
            elif not self.alone:
                self.alone = True
                self.take_hello(kept)
                if self.early:
                    self.try_to_sign_in()
            self.set_timer(RETRY_S, self.greet_if_shown)
        self.early = False

    def mark_line(self, state: str) -> None:
        """What this counter's own memory answers says nothing about the line."""
        super().mark_line("down" if self.alone and state == "up" else state)

    def greet_if_shown(self) -> None:
        """Only while this screen is on top."""
        if (self.shop.hello is None or self.alone) and self.app.screen is self and not self.writing:
            self.greet()

    @on(Input.Changed)
    def type_on(self) -> None:
        """Whoever types on presses Enter again."""
        self.early = False

    def try_to_sign_in(self) -> None:
        """One try; before the server has answered, it is made when it has."""
        from huiyuan.domain.usecases.sign_in import sign_in_here

        if self.writing or not self.both_typed:
            return
        if self.shop.hello is None and self.shut_out is not None:
            self.tell(sentence(self.say, self.shut_out), "error")
            return
        if self.shop.hello is None:
            self.early = self.shop.line.state not in {"down", "not_started"}
            self.tell(self.say(EARLY if self.early else NOT_YET), "info" if self.early else "warn")
            return
        self.early = False
        port = self.shop.sign_in
        self.sign_in(port.sign_in_offline if self.alone else partial(sign_in_here, port))

    @on(messages.PersonSignedIn)
    def open_home(self, message: messages.PersonSignedIn) -> None:
        """The home screen gets its own facts; when it closes, the next person signs in here."""
        from huiyuan.screens.home import HomeScreen

        signed = message.signed
        shop: Shop = replace(self.shop, signed=signed, shift=signed.shift)
        self.query_one("#number", Input).value = ""
        if signed.offline_at is not None:
            shop.line.mark("offline")
        shop.catalogue.freshen()
        self.app.push_screen(HomeScreen(shop), self.after_home)

    def after_home(self, _nothing: None) -> None:
        """Back here: nobody is signed in."""
        self.query_one("#number", Input).focus()
        self.tell("")
        self.greet()

    def action_again(self) -> None:
        """F6."""
        self.greet()

    def action_unsettled(self) -> None:
        """F5."""
        from huiyuan.screens.unsettled import UnsettledScreen

        self.app.push_screen(UnsettledScreen(self.shop), lambda _: self.show_open_items())

    def action_language(self) -> None:
        """F8."""
        self.post_message(LanguageWanted("en" if self.say.lang == "zh_CN" else "zh_CN"))

    def action_quit_app(self) -> None:
        """Ctrl-Q, after asking."""
        from huiyuan.screens.dialogs.confirm import Confirm
        from huiyuan.screens.outage import unsent_text

        title, question = self.say(msg("Quit")), self.say(msg("End the program on this counter?"))
        question = " ".join(filter(None, [unsent_text(self.shop), question]))
        self.app.push_screen(Confirm(self.shop, title, question), self.quit_if_sure)

    def quit_if_sure(self, sure: bool | None) -> None:
        """Enter said yes."""
        if sure:
            self.post_message(QuitWanted())

    def action_back(self) -> None:
        """There is nothing behind this screen."""
