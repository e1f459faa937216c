"""What the member page says of a member, as labels and columns. No widget here."""

from __future__ import annotations

from datetime import date
from typing import Final

from huiyuan.config.i18n import msg
from huiyuan.domain.model.birthday import Birthday, LunarCalendar, age_on, born_on
from huiyuan.domain.model.members import COMPANY, MemberPage
from huiyuan.screens.wording import DOUBTS, GENDERS, SOURCES, Wording

UNREADABLE: Final = msg("on record, sealed")


def identity(say: Wording, page: MemberPage, *, lunar: LunarCalendar, today: date) -> list[tuple[str, str]]:
    """Label and value, in pairs side by side."""
    from_where = say.word(SOURCES, page.source)
    made = ", ".join(part for part in (page.created_store, page.created_by, from_where) if part)
    doubts = ", ".join(say.word(DOUBTS, doubt) for doubt in page.doubts)
    year = say(msg("{count} times, {amount}"), count=page.year_count, amount=say.money(page.year_minor))
    rows = [
        (say(msg("Phone")), _shown(say, page.phone)),
        (
            say(msg("Joined")),
            f"{say.date(page.joined_at)} {page.home_store.name if page.home_store else ''}",
        ),
        (say(msg("Credit code") if page.kind == COMPANY else msg("ID number")), _shown(say, page.id_no)),
        (say(msg("Recorded by")), made),
        (say(msg("Legal rep.")), _acting(say, page, "legal"))
        if page.kind == COMPANY
        else (say(msg("Birthday")), _birthday(say, page.birthday, lunar, today)),
        (say(msg("In a year")), year),
        (say(msg("Contact")), _acting(say, page, "contact"))
        if page.kind == COMPANY
        else (say(msg("Gender")), say.word(GENDERS, page.gender)),
        (say(msg("Address")), say(UNREADABLE) if page.address else ""),
        (say(msg("Offers")), _wishes(say, page)),
        (say(msg("To verify")), doubts),
    ]
    if page.archived:
        gone = say(msg("This member has left."))
        if page.merged_into:
            gone = say(msg("member {number} now"), number=page.merged_into)
        rows.append((say(msg("Left")), gone))
    return rows


def _wishes(say: Wording, page: MemberPage) -> str:
    """Whether offers may be sent, and how slips go out."""
    offers = say(msg("wanted")) if page.marketing else say(msg("not wanted"))
    slips = say(msg("slips by message"))
    return f"{offers}; {slips}" if page.slips else offers


def _acting(say: Wording, page: MemberPage, who: str) -> str:
    """Name and telephone of somebody who acts for a company, masked."""
    fields = (f"{who}_name", f"{who}_phone")
    return " ".join(_shown(say, page.company[field]) for field in fields if field in page.company)


def _shown(say: Wording, masked: str | None) -> str:
    """A mask, nothing, or that there is something this counter has no key for."""
    return say(UNREADABLE) if masked is None else masked


def _birthday(say: Wording, birthday: Birthday | None, lunar: LunarCalendar, today: date) -> str:
    """As it was given, and the age that follows from it."""
    if birthday is None:
        return ""
    born = born_on(birthday, lunar)
    written = birthday.written().replace("L", say(msg("lunar")) + " ").replace("R", say(msg("leap")) + " ")
    if born is None:
        return written
    aged = say(msg("aged {age}"), age=age_on(born, today))
    return f"{written} ({aged})"


def purchases(say: Wording, page: MemberPage) -> list[tuple[str, ...]]:
    """The last ones, in whichever store."""
    rows: list[tuple[str, ...]] = []
    for each in page.purchases:
        goods = ", ".join(each.goods)
        if each.lines > len(each.goods):
            goods += say(msg(" and {count} more"), count=each.lines - len(each.goods))
        sign = -1 if each.kind == "return" else 1
        rows.append((say.moment(each.at), each.store, goods, say.money(sign * each.total_minor)))
    return rows
