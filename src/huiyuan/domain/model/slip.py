"""The slip of a document that stands: what was sold or moved, how it was paid, what the card holds now.

Always true: what was paid back, balances and the chain head come from the door's answer; names come with the
facts and are outside text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from huiyuan.domain.model.document import Adjustment, Document, Kind, SaleLine
from huiyuan.domain.model.identity import Hello
from huiyuan.domain.model.paid_back import paid_back, rounded_back_minor, taken_in_minor
from huiyuan.domain.model.posted import Posted, WalletBalances
from huiyuan.domain.model.quantity import format_quantity
from huiyuan.domain.model.receipt import (
    COLUMNS_58MM,
    Receipt,
    SlipPaper,
    mask_name,
    mask_number,
    tall,
)
from huiyuan.domain.model.receipt_code import code_of

HEAD_DIGITS: Final = 8
POINT: Final = "POINT"
_COMES_BACK: Final = frozenset({Kind.SALE, Kind.EXCHANGE})
"""What the returns desk takes its slip of: it has the code to be scanned there."""
_COUNTS: Final = frozenset({Kind.SHIFT_OPEN, Kind.SHIFT_CLOSE})
_DRAWER: Final = frozenset(
    {Kind.CASH_IN, Kind.CASH_DROP, Kind.CASH_OUT, Kind.EXPENSE, Kind.NO_SALE, *_COUNTS}
)


@dataclass(frozen=True, slots=True)
class SlipFacts:
    """What a slip tells beside the document: where, who, and the names behind the ids.

    `product_names` and `served_by` (who served) are by line number, `rule_names` by rule id, `stock_names` by
    product id; `countless` are the rules of passes without a count; `card_number`, `old_card` (whose place
    the card took), `to_card` (where value went) and `member_name` are printed masked, `merged` (numbers: who
    stays, who goes) is not; `language` is zh_CN or en; `of_receipt` is the number of the document that was
    taken back, `red_letter` its invoices that are to be.
    """

    hello: Hello
    staff_name: str
    language: str
    columns: int = COLUMNS_58MM
    product_names: tuple[tuple[int, str], ...] = ()
    stock_names: tuple[tuple[int, str], ...] = ()
    rule_names: tuple[tuple[int, str], ...] = ()
    countless: frozenset[int] = frozenset()
    served_by: tuple[tuple[int, str], ...] = ()
    card_number: str | None = None
    old_card: str | None = None
    to_card: str | None = None
    merged: tuple[str, str] | None = None
    member_name: str | None = None
    member_tier: str | None = None
    of_receipt: str | None = None
    applied_for: str | None = None
    red_letter: tuple[str, ...] = ()
    gifts_back: tuple[tuple[int, int], ...] = ()
    posted_at_local: str = ""
    is_copy: bool = False

    @property
    def paper(self) -> SlipPaper:
        """Words and measure of this slip."""
        digits = self.hello.chain.minor_digits
        return SlipPaper(self.language, self.columns, digits, self.hello.tender_names)


def render_slip(document: Document, posted: Posted, facts: SlipFacts) -> Receipt:
    """The slip of any document that stands.

    Args:
        document: as it was sent: lines, adjustments, tenders.
        posted: the door's answer: receipt number, change, balances, points, chain head.
        facts: names, language and paper.

    Raises:
        KeyError: there is no slip in that language.
    """
    paper = facts.paper
    lines = slip_top(f"title_{document.kind}", facts)
    if document.offline_at is not None:
        lines += tall(paper.centred(paper.word("offline")))
    lines += [*_identity(document, posted, facts), paper.rule]
    if document.kind in _COUNTS:
        lines += _count(document, posted, facts)
    else:
        lines += _goods(document, facts)
        lines += _money(document, posted, facts)
        lines += _coupons(document, facts)
        lines += _wallets(document, posted, paper)
    if document.kind in _DRAWER and document.kind not in _COUNTS:
        lines += [*paper.text(paper.word("signature")), "_" * paper.columns]
    lines = ruled_once([*lines, *_bottom(posted, facts)], paper.rule)
    cash = any(row.kind == "cash" for row in document.tenders) or document.kind in _DRAWER
    cash = cash or any(row.credit == "cash" and row.unit != POINT for row in posted.postings)
    code = code_of(posted.receipt) if document.kind in _COMES_BACK else ""
    return paper.finish(posted.receipt, lines, opens_drawer=cash, is_copy=facts.is_copy, code=code)


def ruled_once(lines: list[str], rule: str) -> list[str]:
    """A part with nothing in it leaves no second rule behind the first."""
    return [line for n, line in enumerate(lines) if line != rule or not n or lines[n - 1] != rule]


def slip_top(title: str, facts: SlipFacts) -> list[str]:
    """Chain, store, what the store prints above, the marks, and what kind of slip this is."""
    paper = facts.paper
    marks = [*(["demo"] if facts.hello.chain.demo else []), *(["copy"] if facts.is_copy else [])]
    texts = [facts.hello.chain.name, facts.hello.store.name, *facts.hello.slip.header]
    texts += [paper.word(mark) for mark in marks]
    return [
        *(line for text in texts for line in paper.centred(text)),
        *tall(paper.centred(paper.word(title))),
    ]


def _identity(document: Document, posted: Posted, facts: SlipFacts) -> list[str]:
    paper = facts.paper
    when = facts.posted_at_local or posted.posted_at.isoformat(" ", "seconds")
    lines = [
        *paper.pair(paper.word("receipt"), posted.receipt),
        *paper.pair(paper.word("time"), when),
        *paper.pair(paper.word("staff"), facts.staff_name),
    ]
    if facts.member_name:
        member = mask_name(facts.member_name)
        member += f" {facts.member_tier}" if facts.member_tier else ""
        lines += paper.pair(paper.word("member"), member)
    if facts.card_number:
        lines += paper.pair(paper.word("card"), mask_number(facts.card_number))
    if source := next((row.source for row in document.proofs if row.source), None):
        lines += paper.pair(paper.word("read_as"), paper.word(f"source_{source}"))
    if facts.old_card:
        lines += paper.pair(paper.word("old_card"), mask_number(facts.old_card))
    if facts.applied_for:
        lines += paper.pair(paper.word("applied_for"), facts.applied_for)
    lines += _terms(posted, paper)
    if facts.to_card:
        lines += paper.pair(paper.word("to_card"), mask_number(facts.to_card))
    for word, number in zip(("member_stays", "member_goes"), facts.merged or (), strict=False):
        lines += paper.pair(paper.word(word), number)
    for asked in document.applications:
        if asked.papers:
            lines += paper.pair(paper.word("papers"), asked.papers)
    if facts.of_receipt:
        lines += paper.pair(paper.word("of"), facts.of_receipt)
    for number in facts.red_letter:
        lines += paper.pair(paper.word("red_letter"), number)
    if document.reason:
        lines += paper.pair(paper.word("reason"), document.reason)
    if posted.approved_by is not None:
        lines += paper.text(paper.word("approved"))
    return lines


def _terms(posted: Posted, paper: SlipPaper) -> list[str]:
    """The type that a card has now and had, and its last day; of many cards each says so itself."""
    lines: list[str] = []
    for terms in posted.terms if len(posted.terms) == 1 else ():
        if terms.type:
            lines += paper.pair(paper.word("card_type_was"), terms.was_type)
            lines += paper.pair(paper.word("card_type_now"), terms.type)
        last = terms.valid_to.isoformat() if terms.valid_to else paper.word("without_end")
        lines += paper.pair(paper.word("valid_to"), last)
    return lines


def _goods(document: Document, facts: SlipFacts) -> list[str]:
    paper, names, served = facts.paper, dict(facts.product_names), dict(facts.served_by)
    lines: list[str] = []
    for row in document.lines:
        if isinstance(row, SaleLine):
            counted = f"  {format_quantity(row.qty_milli)} x {paper.figure(row.price_minor)}"
            lines += paper.text(names.get(row.n, str(row.product)))
            lines += paper.amount(counted, row.value_minor)
            for each in document.adjustments:
                if each.line == row.n:
                    lines += paper.amount(f"  {_why(each, facts)}", -each.amount_minor)
            if facts.hello.slip.sellers and row.n in served:
                lines += paper.pair(f"  {paper.word('served_by')}", served[row.n])
        else:
            lines += paper.pair(names.get(row.n, f"#{row.of}"), f"x{format_quantity(row.qty_milli)}")
    lines += _backs(document, facts)
    stocked = dict(facts.stock_names)
    for moved in document.stock:
        name = stocked.get(moved.product, f"#{moved.product}")
        lines += paper.pair(name, f"x{format_quantity(moved.qty_milli)}")
    gifts = tuple((row.product, row.qty_milli) for row in document.gifts)
    for title, rows in (("gifts", gifts), ("gifts_back", facts.gifts_back)):
        lines += paper.text(paper.word(title)) if rows else []
        for product, qty_milli in rows:
            lines += paper.pair(f"  {stocked.get(product, f'#{product}')}", f"x{format_quantity(qty_milli)}")
    if lines:
        lines.append(paper.rule)
    return lines


def _backs(document: Document, facts: SlipFacts) -> list[str]:
    """What an exchange took back, behind what it hands out."""
    paper, names = facts.paper, dict(facts.product_names)
    if not document.backs:
        return []
    lines = [paper.rule, *paper.text(paper.word("came_back"))]
    for row in document.backs:
        lines += paper.text(names.get(len(document.lines) + row.n, f"#{row.of}"))
        lines += paper.amount(f"  x{format_quantity(row.qty_milli)}", -row.total_minor)
    return lines


def _why(adjustment: Adjustment, facts: SlipFacts) -> str:
    """Why a line is cheaper: the word of its source, and the rule's own name where it has one."""
    word = facts.paper.named("off", adjustment.source)
    name = adjustment.name
    if adjustment.rule is not None:
        name = dict(facts.rule_names).get(adjustment.rule)
    return f"{word} {name}" if name else word


def _money(document: Document, posted: Posted, facts: SlipFacts) -> list[str]:
    paper, names = facts.paper, dict(facts.rule_names)
    lines: list[str] = []
    for fee in document.fees:
        lines += paper.amount(paper.named("fee", fee.code), fee.amount_minor)
        lines += paper.text(paper.word("waived")) if not fee.amount_minor else []
    if saved := sum(row.amount_minor for row in document.adjustments):
        lines += paper.amount(paper.word("saved"), saved)
    if posted.total_minor or document.tenders:
        lines += tall(paper.amount(paper.word("total"), posted.total_minor))
    if document.backs:
        lines += paper.amount(paper.word("came_back"), -sum(row.total_minor for row in document.backs))
    for tender in document.tenders if document.kind != Kind.BLIND_RETURN else ():
        shown = tender.amount_minor if tender.given_minor is None else tender.given_minor
        lines += paper.amount(paper.named("paid", tender.kind), shown)
        if tender.rounded_minor:
            lines += paper.amount(f"  {paper.word('rounding')}", tender.rounded_minor)
        if tender.kept_minor:
            lines += paper.amount(f"  {paper.word('kept')}", tender.kept_minor)
        if tender.points:
            lines += paper.count(f"  {paper.word('points_spent')}", tender.points)
        if tender.reference:
            lines += paper.pair(f"  {paper.word('reference')}", tender.reference)
    if posted.change_minor:
        lines += paper.amount(paper.word("change"), posted.change_minor)
    for label, amount in _given_back(document, posted, paper):
        lines += paper.amount(f"{paper.word('back_to')} {label}", amount)
    if taken := taken_in_minor(document, posted):
        lines += paper.amount(f"{paper.word('taken_in')} {paper.named('paid', 'cash')}", taken)
    if rounded := rounded_back_minor(document, posted):
        lines += paper.amount(f"  {paper.word('rounding')}", rounded)
    lines += _settled(document, paper)
    for tax in document.taxes:
        rate = f"{tax.rate_bp // 100}.{tax.rate_bp % 100:02}".rstrip("0").rstrip(".")
        lines += paper.amount(f"{paper.word('tax')} {rate}%", tax.amount_minor)
    for grant in document.grants:
        given = f"+{paper.figure(grant.amount) if grant.kind == 'bonus' else f'{grant.amount:,}'}"
        if grant.kind == "pass" and grant.rule in names:
            lines += paper.text(names[grant.rule])
        if grant.kind == "pass" and grant.rule in facts.countless:
            given = paper.word("any_number")
        lines += paper.pair(paper.named("granted", grant.kind), given)
        if not posted.head:
            lines += paper.text(paper.word("points_later"))
    if document.promises:
        lines += paper.text(paper.word("points_later").strip())
    if (later := posted.later) is not None:
        parts = f"{later.parts} x {paper.figure(later.part_minor)}"
        lines += paper.pair(paper.word(f"later_{later.every}"), parts)
    if posted.bought:
        lines += paper.pair(paper.word("bought"), posted.bought)
    return lines


def _settled(document: Document, paper: SlipPaper) -> list[str]:
    """How a card was paid back, and what ended with it."""
    lines: list[str] = []
    for row in document.settlements:
        lines += paper.amount(f"{paper.word('back_to')} {paper.named('paid', row.method)}", row.amount_minor)
        lines += paper.pair(f"  {paper.word('reference')}", row.reference) if row.reference else []
        lines += paper.amount(paper.word("lost_bonus"), row.forfeit_minor) if row.forfeit_minor else []
        lines += paper.count(paper.word("lost_points"), row.points) if row.points else []
    return lines


def _coupons(document: Document, facts: SlipFacts) -> list[str]:
    """What was given out with it, by the last four: the codes themselves stand on papers of their own."""
    paper, names = facts.paper, dict(facts.rule_names)
    given = [row for row in document.coupons if row.rule is not None]
    lines = [paper.rule, paper.word("coupons_given")] if given else []
    for row in given:
        lines += paper.pair(f"  {names.get(row.rule or 0, '')}", row.last or "")
    return lines


def _given_back(document: Document, posted: Posted, paper: SlipPaper) -> list[tuple[str, int]]:
    """Where the money of a return or a void goes, and how much."""
    back: dict[str, int] = {}
    for row, amount in paid_back(document, posted):
        came_in = row.debit in {
            "cash",
            "tender",
        }  # of a payout that is undone: its tender is where it came from
        label = paper.named("paid", row.credit if came_in else row.method or row.credit)
        back[label] = back.get(label, 0) + amount
    return list(back.items())


def _count(document: Document, posted: Posted, facts: SlipFacts) -> list[str]:
    paper = facts.paper
    if document.kind == Kind.SHIFT_OPEN:
        return tall(paper.amount(paper.word("float"), document.counted_minor or 0))
    lines: list[str] = []
    if posted.expected_minor is not None:
        lines += paper.amount(paper.word("expected"), posted.expected_minor)
    lines += tall(paper.amount(paper.word("counted"), document.counted_minor or 0))
    if posted.over_short_minor is not None:
        lines += paper.amount(paper.word("over_short"), posted.over_short_minor)
    return lines


def own_balances(document: Document, posted: Posted) -> tuple[WalletBalances, ...]:
    """What the customer is told: of a transfer what the giving card holds, for the other one is not his.

    Of a merge what the wallets hold that hold something.
    """
    if document.merges:
        return tuple(row for row in posted.balances if row.balances.stored_minor or row.balances.points)
    givers = {row.wallet for row in document.transfers}
    return tuple(row for row in posted.balances if not givers or row.wallet in givers)


def _wallets(document: Document, posted: Posted, paper: SlipPaper) -> list[str]:
    lines: list[str] = []
    for row in own_balances(document, posted):
        held = row.balances
        lines.append(paper.rule)
        lines += paper.amount(paper.word("balance"), held.stored_minor)
        lines += paper.amount(f"  {paper.named('paid', 'principal')}", held.principal)
        lines += paper.amount(f"  {paper.named('paid', 'bonus')}", held.bonus)
        lines += paper.count(paper.word("points"), held.points)
        if held.advance:
            lines += paper.amount(paper.word("held_advance"), held.advance)
        if held.owed_minor > 0:
            lines += paper.amount(paper.word("owed"), held.owed_minor)
        if held.points_debt:
            lines += paper.count(paper.word("points_debt"), held.points_debt)
    return lines


def _bottom(posted: Posted, facts: SlipFacts) -> list[str]:
    paper = facts.paper
    lines = [paper.rule]
    if posted.head:
        lines += paper.pair(paper.word("chain"), posted.head[:HEAD_DIGITS])
    if posted.heads:
        lines += [paper.word("heads"), *paper.text(posted.heads)]
    for text in facts.hello.slip.footer:
        lines += paper.centred(text)
    if facts.hello.chain.demo:
        lines += paper.centred(paper.word("demo"))
    return lines
