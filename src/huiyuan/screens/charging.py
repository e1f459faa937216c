"""ChargingSheet: the customer pays by phone, or gets back what was paid. Seconds pass, and they are shown.

Always true: the charge is on disk before its request leaves, so this sheet may be left, cut or killed at any
moment; leaving it asks for a reversal first; what the gateway has not said is never said here.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.charge import Charge, ChargeState
from huiyuan.domain.model.payment_code import ALIPAY, UNIONPAY, WECHAT, PaymentCode
from huiyuan.domain.usecases.charging import begin_charge, give_back, look_after
from huiyuan.screens import messages, paying_news
from huiyuan.screens.ask import ask
from huiyuan.screens.refusals import sentence
from huiyuan.screens.sheet import Sheet
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.plain import visible
from huiyuan.screens.widgets.prose import Facts, Prose
from huiyuan.screens.wording import Wording

TICK_S: Final = 0.5
ASK_EVERY_S: Final = 2.0
BEGIN: Final = "charge"
LOOK: Final = "look"
BACK: Final = "back"

METHODS: Final = {ALIPAY: msg("Alipay"), WECHAT: msg("WeChat"), UNIONPAY: msg("UnionPay")}
STATES: Final = {
    ChargeState.ASKED: msg("The customer pays on the phone. Esc gives it up and asks for the money back."),
    ChargeState.REVERSING: msg("Given up: the gateway is asked to give back whatever was paid."),
    ChargeState.TAKEN: msg("Paid."),
    ChargeState.WRONG: msg("The gateway took {found} instead of {amount}. Esc gives it back."),
    ChargeState.DECLINED: msg(
        "Not paid: {why}. Nothing was taken. Scan another code, or take another tender."
    ),
    ChargeState.REVERSED: msg("Given back. Nothing is paid by this code."),
}
AWAY: Final = msg("the gateway cannot be reached")
REASONS: Final = {
    "away": AWAY,
    "insufficient_funds": msg("the customer's account has not enough"),
    "code_expired": msg("the code is too old, let the customer show a new one"),
    "code_invalid": msg("the gateway does not know this code"),
    "closed": msg("it was given up before"),
    "refused_by_customer": msg("the customer refused on the phone"),
}


def method_text(say: Wording, charge: Charge) -> str:
    """Whose application it was, and the mask of the code."""
    name = say.tr(METHODS[charge.method]) if charge.method in METHODS else say.tender(charge.method)
    return f"{name}  {charge.masked}" if charge.masked else name


def state_text(say: Wording, charge: Charge) -> str:
    """What is known of a charge, in a sentence."""
    text = STATES.get(charge.state)
    if text is None:
        return ""
    why = say.tr(REASONS[charge.told]) if charge.told in REASONS else visible(charge.told) or "?"
    found = say.money(charge.found_minor or 0)
    return say(text, why=why, found=found, amount=say.money(charge.amount_minor))


class ChargingSheet(Sheet[Charge]):
    """Answers the charge as it stands when there is nothing more to wait for, or the person left.

    Args:
        charge: to be begun with `code`, or to be given back if there is none.
        asked: its request left before; it is only waited for.
    """

    SCOPE = "charging"

    def __init__(
        self, shop: Shop, charge: Charge, code: PaymentCode | None = None, *, asked: bool = False
    ) -> None:
        title = msg("Pay by phone") if code or asked else msg("Give the money back")
        super().__init__(shop, shop.say(title), shop.say.money(charge.amount_minor))
        self.charge = charge
        self.code = code
        self.asked = asked
        self.began_at = self.asked_at = monotonic()
        self.waiting = 0
        self.dropped = False

    def body(self) -> ComposeResult:
        """Figures, and what is known."""
        yield Facts(id="charge", label_width=20)
        yield Prose(state_text(self.say, self.charge), id="state")

    def on_mount(self) -> None:
        """The request leaves; from then on it is looked after."""
        shop, charge, code = self.shop, self.charge, self.code
        self.code = None
        self.show_charge()
        if self.asked:
            self.wait_for(lambda: look_after(shop.charges, shop.gateway, charge.id), LOOK)
        elif code is None:
            self.give_back()
        else:
            self.wait_for(lambda: begin_charge(shop.charges, shop.gateway, charge, code), BEGIN)
        self.set_interval(TICK_S, self.tick)

    def show_charge(self) -> None:
        """Amount, method, seconds, state."""
        say, charge = self.say, self.charge
        rows = [
            (say(msg("Amount")), say.money(charge.amount_minor)),
            (say(msg("Paid with")), method_text(say, charge)),
            (say(msg("Waiting")), say(msg("{seconds} s"), seconds=int(monotonic() - self.began_at))),
        ]
        self.query_one("#charge", Facts).show(rows)
        self.query_one("#state", Prose).show(state_text(say, charge))

    def tick(self) -> None:
        """Another half second; asked again now and then, never twice at the same time."""
        self.show_charge()
        if not self.waiting and monotonic() - self.asked_at >= ASK_EVERY_S:
            shop, id = self.shop, self.charge.id
            self.wait_for(lambda: look_after(shop.charges, shop.gateway, id), LOOK)

    def give_back(self) -> None:
        """From here on it can only end reversed."""
        shop, id = self.shop, self.charge.id
        self.dropped = True
        self.wait_for(lambda: give_back(shop.charges, shop.gateway, shop.door, id), BACK)

    def wait_for(self, work: object, subject: str) -> None:
        """Have `work` done beside the screen; it brings the charge as it stands then."""
        assert callable(work)
        self.waiting += 1
        self.asked_at = monotonic()
        ask(self, work, then=paying_news.ChargeMoved, subject=subject)

    @on(paying_news.ChargeMoved)
    def take_charge(self, message: paying_news.ChargeMoved) -> None:
        """Done, or shown and waited on."""
        self.waiting -= 1
        if self.charge.state is ChargeState.REVERSING and message.charge.state is ChargeState.ASKED:
            return
        self.charge = message.charge
        self.show_charge()
        self.refresh_bindings()
        if self.charge.state in {ChargeState.TAKEN, ChargeState.USED} and self.dropped:
            return
        if not self.charge.open or self.charge.state is ChargeState.TAKEN:
            self.dismiss(self.charge)

    @on(messages.Refused)
    def say_refused(self, message: messages.Refused) -> None:
        """The disk takes nothing more, or its sale has no answer yet."""
        self.waiting -= 1
        if message.subject in {BEGIN, BACK}:
            message.stop()
            self.tell(sentence(self.say, message.error), "error")
            self.dropped = message.subject == BACK

    def action_back(self) -> None:
        """Esc: first give it up, then leave; what is still open stays among the open payments."""
        if self.charge.open and not self.dropped:
            self.give_back()
        else:
            self.dismiss(self.charge)
