"""A membership at the desk: how it stands, what may be done with it, applications for cards, and the story.

Always true: freezing or cancelling a membership leaves its cards as they are; whoever took an application
does not decide about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from textual import on
from textual.app import ComposeResult

from huiyuan.config.i18n import msg
from huiyuan.domain.model.card_life import PAPERS, CardApplication, LifeMove, MemberLife
from huiyuan.domain.model.document import Document, Kind
from huiyuan.domain.model.posted import Posted
from huiyuan.domain.usecases.card_life import application_document, judgement_document
from huiyuan.screens.ask import ask
from huiyuan.screens.card_life import story_list, story_row
from huiyuan.screens.card_move import CardMoveScreen
from huiyuan.screens.dialogs.choice import Choice
from huiyuan.screens.dialogs.entry import Entry, ask_reason, read_reason
from huiyuan.screens.life_messages import ApplicationsRead, MemberLifeRead
from huiyuan.screens.life_words import APPLICATION_STATES, MEMBER_STATES, PAPER_WORDS
from huiyuan.screens.posting import PostingScreen
from huiyuan.screens.result import ResultScreen, slip_of
from huiyuan.screens.shop import Shop
from huiyuan.screens.stamping import stamp_of
from huiyuan.screens.widgets.pairs import Pairs
from huiyuan.screens.widgets.rows import Column, RowList

CHOICES_MOST = 9
OWN_STEP: Final = msg("Another person decides about it.")
NEXT_STEPS: Final = {
    "applied": msg("F4 approves it, F6 rejects it, F8 withdraws it."),
    "approved": msg("Issue the card now (home, F5)."),
    "rejected": msg("F2 applies anew."),
    "withdrawn": msg("F2 applies anew."),
}
"""What to do about an application that stands so."""


class MemberMoveScreen(CardMoveScreen):
    """The form of a move of the membership itself."""

    TITLE_TEXT = msg("Membership")


class MemberLifeScreen(PostingScreen[None]):
    """State, moves, applications, story of one membership."""

    SCOPE = "membership"
    TITLE_TEXT = msg("Membership")

    def __init__(self, shop: Shop, member: int) -> None:
        super().__init__(shop)
        self.member = member
        self.life: MemberLife | None = None
        self.asked_for: Sequence[CardApplication] = ()

    def body(self) -> ComposeResult:
        """Facts, moves, applications, story."""
        say = self.say
        yield Pairs(id="facts")
        moves = RowList(
            [Column(say(msg("What can be done"))), Column(say(msg("Then")), 18)],
            id="moves",
            empty=say(msg("Nothing can be done with it here.")),
        )
        moves.styles.height = 4
        yield moves
        applications = RowList(
            [Column(say(msg("Applied for")), 18), Column(say(msg("State")), 20), Column(say(msg("By")), 8),
             Column(say(msg("Papers shown")))],
            id="applications",
            empty=say(msg("No application.")),
        )  # fmt: skip
        applications.styles.height = 5
        yield applications
        yield story_list(say)

    def on_mount(self) -> None:
        """Read it."""
        self.query_one("#moves", RowList).focus()
        self.read()

    def on_screen_resume(self) -> None:
        """It was moved in between, perhaps."""
        if self.life is not None:
            self.read()

    def read(self) -> None:
        """How it stands now, and what was applied for."""
        desk, member = self.shop.life, self.member
        ask(self, lambda: desk.member(member), then=MemberLifeRead, subject="member")
        if self.shop.may("card_apply"):
            ask(self, lambda: desk.applications(member), then=ApplicationsRead, subject="applications")

    @on(MemberLifeRead)
    def show_life(self, message: MemberLifeRead) -> None:
        """Facts, moves, story."""
        life, say = message.life, self.say
        self.life = life
        self.aside(f"{life.name} {life.number}")
        self.query_one(Pairs).show([(say(msg("Membership")), say.word(MEMBER_STATES, life.state))])
        rows = [(say.kind(each.kind), say.word(MEMBER_STATES, each.now)) for each in self.moves()]
        self.query_one("#moves", RowList).show_rows(rows)
        story = [story_row(say, each, states=MEMBER_STATES) for each in life.story]
        self.query_one("#story", RowList).show_rows(story)
        self.refresh_bindings()

    @on(ApplicationsRead)
    def show_applications(self, message: ApplicationsRead) -> None:
        """As the server has them now."""
        say, self.asked_for = self.say, message.applications
        self.query_one("#applications", RowList).show_rows(
            [
                (each.type, say.word(APPLICATION_STATES, each.state), each.by, each.papers)
                for each in self.asked_for
            ]
        )
        self.refresh_bindings()

    def moves(self) -> list[LifeMove]:
        """What this person may do."""
        return [each for each in (self.life.moves if self.life else ()) if self.shop.may(each.permission)]

    @on(RowList.Chosen, "#moves")
    def begin_move(self, message: RowList.Chosen) -> None:
        """Enter: its form."""
        message.stop()
        moves, life = self.moves(), self.life
        if life is not None and message.index < len(moves) and not self.held:
            self.tell("")
            self.app.push_screen(MemberMoveScreen(self.shop, life, moves[message.index]))

    @on(RowList.Chosen, "#applications")
    def tell_application(self, message: RowList.Chosen) -> None:
        """Enter: the row without its cuts, why it was decided so, and what comes next."""
        message.stop()
        say, each = self.say, self.asked_for[message.index]
        told = [each.type, say.word(APPLICATION_STATES, each.state), each.papers, each.reason]
        step = say(OWN_STEP if each.own and each.state == "applied" else NEXT_STEPS.get(each.state, ""))
        text = ", ".join(filter(None, told))
        self.tell(say(msg("{what}. {step}"), what=text, step=step) if step else text)

    def marked(self) -> CardApplication | None:
        """The marked application."""
        index = self.query_one("#applications", RowList).marked
        return self.asked_for[index] if index is not None and index < len(self.asked_for) else None

    def applies(self, action: str) -> bool:
        """Only what waits is decided, and not by who took it."""
        marked = self.marked() if self.is_mounted else None
        if action == "apply":
            return not self.held and self.life is not None and bool(self.life.types)
        if action in {"approve", "reject"}:
            return not self.held and marked is not None and marked.state == "applied" and not marked.own
        if action == "withdraw":
            return not self.held and marked is not None and marked.state in {"applied", "approved"}
        return super().applies(action)

    # Applications

    def action_apply(self) -> None:
        """F2: which type, which paper, what else was shown."""
        life = self.life
        if life is None or not life.types:
            return
        types, say = life.types[:CHOICES_MOST], self.say

        def with_type(index: int | None) -> None:
            if index is not None:
                self.ask_paper(types[index].id, types[index].name)

        title = say(msg("Apply for a card"))
        self.app.push_screen(Choice(self.shop, title, [each.name for each in types]), with_type)

    def ask_paper(self, card_type: int, name: str) -> None:
        """The paper that the member is known by, then the others in words."""
        say = self.say
        papers = [say.word(PAPER_WORDS, each) for each in PAPERS]

        def with_paper(index: int | None) -> None:
            if index is None:
                return
            about = say(msg("What was shown, in words; no number of any paper."))
            entry: Entry[str] = Entry(
                self.shop, name, label=say(msg("Papers shown")), read=read_reason, value=papers[index],
                about=about,
            )  # fmt: skip

            def post(text: str | None) -> None:
                if text is not None:
                    identity = self.shop.life.identity(self.member, paper=PAPERS[index], number="")
                    stamp = stamp_of(self.shop)
                    self.submit(
                        application_document(
                            stamp, member=self.member, card_type=card_type, papers=text, identity=identity
                        )
                    )

            self.app.push_screen(entry, post)

        self.app.push_screen(Choice(self.shop, say(msg("Paper")), papers), with_paper)

    def action_approve(self) -> None:
        """F4: a card of the type may be issued now."""
        marked = self.marked()
        if marked is not None:
            self.judge(Kind.CARD_APPROVAL, marked, "approved", "")

    def action_reject(self) -> None:
        """F6, with a reason."""
        self.with_reason(Kind.CARD_REJECTION, "rejected")

    def action_withdraw(self) -> None:
        """F8, with a reason."""
        self.with_reason(Kind.CARD_WITHDRAWAL, "withdrawn")

    def with_reason(self, kind: Kind, now: str) -> None:
        """The reason stays on record."""
        marked = self.marked()
        if marked is None:
            return
        ask_reason(self, self.say.kind(kind), partial(self.judge, kind, marked, now), aside=marked.type)

    def judge(self, kind: Kind, application: CardApplication, now: str, reason: str) -> None:
        """One document."""
        stamp = stamp_of(self.shop)
        self.submit(
            judgement_document(
                stamp, kind, application=application.id, was=application.state, now=now, reason=reason
            )
        )

    def posted(self, document: Document, posted: Posted) -> None:
        """The slip, then the page anew."""
        name = self.life.name if self.life else None
        wanted = {each.id: each.name for each in self.life.types} if self.life else {}
        by_id = {each.id: each.type for each in self.asked_for}
        row = document.applications[0]
        applied_for = wanted.get(row.type or 0) or by_id.get(row.application or 0)
        slip = slip_of(self.shop, document, posted, holder=name, applied_for=applied_for)
        self.app.push_screen(ResultScreen(self.shop, document, posted, slip), lambda _: self.read())
