"""A member is written down or changed: a form that says field by field what cannot be.

Always true: what is sealed is never shown here, an empty sealed field leaves it as it is; somebody who has an
account already is opened instead of being made twice; what is odd is kept with a doubt, not refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from huiyuan.config.i18n import msg
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.id_number import read_id_number
from huiyuan.domain.model.members import (
    COMPANY,
    COMPANY_FIELDS,
    IDENTITY_CHECKS,
    MemberDraft,
    MemberForm,
    MemberPage,
)
from huiyuan.screens import messages
from huiyuan.screens.ask import WRITE, ask
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.confirm import Confirm
from huiyuan.screens.frame import ShopScreen
from huiyuan.screens.member_form import (
    FIELDS,
    NOTHING,
    Typed,
    choices_of,
    draft_of,
    hidden_of,
    is_company_number,
    kind_of,
    typed_of,
    word_for,
)
from huiyuan.screens.refusals import sentence
from huiyuan.screens.shop import Shop
from huiyuan.screens.widgets.fields import Field
from huiyuan.screens.widgets.prose import Prose
from huiyuan.screens.wording import CHECKS, GENDERS, MEMBER_KINDS

HINTS: Final = {
    "phone": msg("A mobile, a landline with its area code, or + and abroad. - alone takes it away."),
    "id_no": msg(
        "18 characters; of a company the credit code on its licence. A person's gives gender and birthday."
        " - alone takes it away."
    ),
    "birthday": msg("1990-02-28, or lunar: L1990-8-15, L8-15 without a year, L2020-R4-1 in a leap month."),
    "address": msg("Kept sealed. - alone takes it away."),
    **dict.fromkeys(COMPANY_FIELDS, msg("Kept sealed. - alone takes it away.")),
}


class MemberEditScreen(ShopScreen[int]):
    """Answers the id of the member to be shown: the one saved, or one that was there already.

    Args:
        page: the member as he is, None for a new one.
    """

    SCOPE = "edit"
    TITLE_TEXT = msg("Member's record")

    DEFAULT_CSS = """
    MemberEditScreen #hint { height: 3; padding: 1 1 0 1; color: $text-muted; }
    """

    def __init__(self, shop: Shop, page: MemberPage | None) -> None:
        super().__init__(shop)
        self.page = page
        self.form: MemberForm | None = None
        self.draft: MemberDraft | None = None
        self.existing: int | None = None
        self.shared = False

    def body(self) -> ComposeResult:
        """A row a field, and what may be typed into the one that has the keys."""
        for name in FIELDS:
            yield Field(self.say.field(name), id=name, label_width=16)
        yield Prose("", id="hint")

    def on_mount(self) -> None:
        """The choices come first."""
        self.query_one("#name", Input).focus()
        book, member = self.shop.members, self.page.id if self.page else None
        ask(self, lambda: book.form(member), then=messages.FormRead, subject="form")

    @on(messages.FormRead)
    def fill(self, message: messages.FormRead) -> None:
        """What is known of the member, or what a new one begins with."""
        form = self.form = message.form
        self.aside(
            f"{self.page.name} {form.number}"
            if self.page
            else self.say(msg("new, {number}"), number=form.number)
        )
        for name, value in self.before().items():
            field = self.query_one(f"#{name}", Input)
            if not field.value:
                field.value = value
        if self.page is not None:
            masks = {"phone": self.page.phone, "id_no": self.page.id_no, **self.page.company}
            for name, mask in masks.items():
                self.query_one(f"#{name}", Input).placeholder = mask if mask else ""
        self.show_fields()
        self.show_hint()
        self.refresh_bindings()

    def show_fields(self) -> None:
        """Those that a record of this kind has."""
        assert self.form is not None
        try:
            kind = kind_of(self.say, self.form, self.typed)
        except Refused:
            return
        hidden = hidden_of(kind)
        for field in self.query(Field):
            field.display = field.input.id not in hidden
            if field.input.id == "id_no":
                field.rename(self.say(msg("Credit code") if kind == COMPANY else msg("ID number")))

    def before(self) -> Typed:
        """What the fields held at first."""
        assert self.form is not None
        return typed_of(self.say, self.form, self.page, store=self.shop.greeting.store.id)

    @property
    def today(self) -> date:
        """By the server's clock, in the chain's zone."""
        return self.shop.server_now().astimezone(self.say.zone).date()

    @property
    def typed(self) -> Typed:
        """What stands in the fields."""
        return {name: self.query_one(f"#{name}", Input).value.strip() for name in FIELDS}

    # From field to field

    @on(events.DescendantFocus)
    def show_hint(self) -> None:
        """What the field takes."""
        focused = self.focused.id if isinstance(self.focused, Input) else ""
        text = self.say(HINTS[focused]) if focused in HINTS else ""
        if self.form is not None and not text and focused:
            choices = choices_of(self.say, self.form, focused)
            text = "  ".join(f"{n} {shown}" for n, shown in enumerate(choices, start=1))
        self.query_one("#hint", Prose).show(text)

    @on(Input.Changed)
    def say_word(self, event: Input.Changed) -> None:
        """A digit in a field of few choices becomes the word it stands for."""
        name = event.input.id or ""
        if self.form is not None and event.value:
            word = word_for(self.say, self.form, name, event.value)
            if word is not None:
                event.input.value = word
                event.input.cursor_position = len(word)
        if self.form is not None and name == "kind":
            self.show_fields()

    @on(Input.Submitted)
    def go_on(self, event: Input.Submitted) -> None:
        """Enter: to the next field once this one can be read; from the last one it is saved."""
        event.stop()
        name = event.input.id or ""
        if self.form is None:
            return
        if name == "id_no" and is_company_number(event.value, today=self.today):
            self.query_one("#kind", Input).value = self.say.word(MEMBER_KINDS, COMPANY)
            self.show_fields()
        if not self.reads(name):
            return
        if name == "id_no":
            self.fill_from_id()
        if name == FIELDS[-1]:
            self.action_save()
            return
        after = FIELDS[FIELDS.index(name) + 1 :]
        next(each.input for each in self.query(Field) if each.display and each.input.id in after).focus()

    def reads(self, name: str) -> bool:
        """Whether this one field can be read; if not, it is said why."""
        try:
            self.draft_of({**NOTHING, "name": "-", "kind": self.typed["kind"], name: self.typed[name]})
        except Refused as refused:
            self.tell(sentence(self.say, refused), "error")
            self.query_one(f"#{name}", Input).focus()
            return False
        self.tell("")
        return True

    def fill_from_id(self) -> None:
        """Gender and birthday, as far as they are empty."""
        try:
            found = read_id_number(self.typed["id_no"], today=self.today)
        except Refused:
            return
        for name, value in (
            ("gender", self.say.word(GENDERS, found.gender)),
            ("birthday", f"{found.born}"),
        ):
            field = self.query_one(f"#{name}", Input)
            field.value = field.value or value

    def draft_of(self, typed: Typed) -> MemberDraft:
        """Everything as the server is given it. Raises Refused: what cannot be read."""
        assert self.form is not None
        return draft_of(
            typed, say=self.say, form=self.form, page=self.page, today=self.today, lunar=self.shop.lunar
        )

    # Saving

    def applies(self, action: str) -> bool:
        """Only what the last answer made sense of."""
        if action == "open_existing":
            return self.existing is not None
        if action == "keep_shared":
            return self.shared
        if action == "verified":
            return self.page is not None and bool(self.page.doubts)
        if action == "save":
            return self.form is not None
        return super().applies(action)

    def action_save(self) -> None:
        """F2: the first field that cannot be read has the keys, else it is sent."""
        if self.form is None or not all(self.reads(name) for name in FIELDS):
            return
        self.send(self.draft_of(self.typed))

    def action_verified(self) -> None:
        """F5: somebody looked at it; no doubt is left."""
        if self.form is not None and all(self.reads(name) for name in FIELDS):
            self.send(replace(self.draft_of(self.typed), doubts=(), same_phone=True))

    def send(self, draft: MemberDraft) -> None:
        """One write."""
        book, self.draft = self.shop.members, draft
        self.existing, self.shared = None, False
        ask(self, lambda: book.save(draft), then=messages.MemberKept, subject=WRITE)

    @on(messages.MemberKept)
    def leave_saved(self, message: messages.MemberKept) -> None:
        """To the member's page."""
        self.dismiss(message.saved.id)

    @on(messages.Refused)
    def explain(self, message: messages.Refused) -> None:
        """Somebody has the account or the phone already, or the person has to be checked."""
        code, facts = message.error.code, message.error.facts
        if message.subject != WRITE or code not in {"same_id", "same_phone", "identity_check"}:
            return
        message.prevent_default()
        message.stop()
        text = sentence(self.say, message.error)
        if code == "identity_check":
            words = [self.say.word(CHECKS, each) for each in IDENTITY_CHECKS]
            sheet = Choice(self.shop, self.say(msg("Who is it?")), words, about=text)
            self.app.push_screen(sheet, self.send_checked)
            return
        self.existing, self.shared = int(facts["member"]), code == "same_phone"
        keys = (
            msg("F6 opens that member; F7 keeps the phone all the same.")
            if self.shared
            else msg("F6 opens it.")
        )
        self.tell(f"{text} {self.say(keys)}", "error")
        self.refresh_bindings()

    def send_checked(self, index: int | None) -> None:
        """The same draft with how the person was known."""
        if index is not None and self.draft is not None:
            self.send(replace(self.draft, checked=IDENTITY_CHECKS[index]))

    def action_open_existing(self) -> None:
        """F6: nothing of this form is kept."""
        if self.existing is not None:
            self.dismiss(self.existing)

    def action_keep_shared(self) -> None:
        """F7: two members with one phone, and a doubt on this one."""
        if self.draft is not None and self.shared:
            self.send(replace(self.draft, same_phone=True))

    def action_back(self) -> None:
        """Esc asks if something was typed."""
        if self.writing:
            return
        before = self.before() if self.form else NOTHING
        if all(value == before.get(name, "") for name, value in self.typed.items()):
            self.dismiss(None)
            return
        question = self.say(msg("Leave without saving? What was typed is lost."))
        self.app.push_screen(Confirm(self.shop, self.say(self.TITLE_TEXT), question), self.leave_if_sure)

    def leave_if_sure(self, sure: bool | None) -> None:
        """Enter said yes."""
        if sure:
            self.dismiss(None)
