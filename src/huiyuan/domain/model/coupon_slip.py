"""The paper of a coupon: what it takes off, until when, its code in letters and as a code to be scanned.

Always true: a copy says so; the code on it is the same and is used once, whatever paper it is on.
"""

from __future__ import annotations

from datetime import date

from huiyuan.domain.model.coupon import Series
from huiyuan.domain.model.receipt import Receipt, tall
from huiyuan.domain.model.slip import SlipFacts, slip_top


def coupon_slip(code: str, facts: SlipFacts, *, number: str, series: Series, on: date) -> Receipt:
    """The slip of one code.

    Args:
        number: of this paper: the receipt and the code's place in it.
        on: the day on which it was given out, by the shop's calendar.
    """
    paper = facts.paper
    lines = [*slip_top("title_coupon", facts), paper.rule, *tall(paper.centred(series.name))]
    if series.off_minor:
        lines += tall(paper.amount(paper.word("coupon_off"), series.off_minor))
    if series.min_minor:
        lines += paper.amount(paper.word("coupon_least"), series.min_minor)
    last = series.last_day(on)
    if last is not None:
        lines += paper.pair(paper.word("coupon_until"), last.isoformat())
    lines += [paper.rule, *tall(paper.centred(code)), *paper.text(paper.word("coupon_once")), paper.rule]
    lines += paper.pair(paper.word("receipt"), number)
    if facts.hello.chain.demo:
        lines += paper.centred(paper.word("demo"))
    return paper.finish(number, lines, opens_drawer=False, is_copy=facts.is_copy, code=code)
