"""A second reading of the written order of prices: every step of every line, out of plain dictionaries.

It imports nothing of the product. It tries every set of promotions where the product searches, deals pieces
out one by one where the product divides, and shares by fractions where the product counts remainders.

A basket: `lines` of `{id, price, milli, weighed, category, brand, kind, lists, typed}`, `member` None or
`{tier, code, first_order, used}`, `tenth` (the rate of the tier `tenth_of`), `day`, `weekday`, `minute`,
`off` (by hand), `coupon` `{id, off, least, products}`. A rule: `{id, body, least, line_most, document_most,
tiers}`. Money in fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import product as every
from typing import Any

Case = dict[str, Any]
Step = tuple[str, int | None, int, int]
"""Source, rule, what it took, what was left."""
SINGLE = ("percent", "amount", "fixed")
BASKET = ("steps", "gift")


def explain(basket: Case, rules: Sequence[Case]) -> list[list[Step]]:
    """The steps of each line, the list price first, with the rules that the basket keeps."""
    return _explained(basket, kept(basket, rules))


def kept(basket: Case, rules: Sequence[Case]) -> list[Case]:
    """All, or fewer where one to six of them stack: the newest that takes something goes, up to twelve times,
    as far as the cheapest of these baskets; then the oldest that need not have gone come back."""
    goods = [line for line in basket["lines"] if not line["typed"]]
    stack = [
        rule for rule in rules
        if rule["body"].get("combine") == "stack" and not closed_to(rule, basket)
        and any(covers(rule["body"], each) for each in goods)
    ]  # fmt: skip
    ways = [list(rules)]
    while 1 <= len(stack) <= 6 and len(ways) <= 12:
        took = {
            rule
            for line in _explained(basket, ways[-1])
            for source, rule, _, _ in line
            if source == "promotion"
        }
        opened = [r["id"] for r in ways[-1] if r["id"] in took and r["body"].get("combine") != "exclusive"]
        if not opened:
            break
        ways.append([rule for rule in ways[-1] if rule["id"] != max(opened)])
    best = min(ways, key=lambda way: _total(basket, way))
    for rule in sorted((each for each in rules if each not in best), key=lambda each: each["id"]):
        if _total(basket, [*best, rule]) <= _total(basket, best):
            best = [*best, rule]
    return best


def _total(basket: Case, rules: Sequence[Case]) -> int:
    return sum(line[-1][3] for line in _explained(basket, rules))


def _explained(basket: Case, rules: Sequence[Case]) -> list[list[Step]]:
    lines = [_Line(each) for each in basket["lines"]]
    _own_prices(lines, basket)
    ranked = sorted(rules, key=lambda rule: (-rule["body"].get("priority", 0), rule["id"]))
    held = [rule for rule in ranked if not closed_to(rule, basket)]
    for kinds in (False, True):
        of_pass = [rule for rule in held if (rule["body"]["kind"] in BASKET) is kinds]
        _promote(lines, of_pass, basket)
    _coupon(lines, basket.get("coupon"))
    off = min(basket.get("off", 0), sum(line.left for line in lines))
    for line, part in zip(lines, shared(off, [line.left for line in lines]), strict=True):
        line.take("manual", None, part)
    return [line.steps for line in lines]


def closed_to(rule: Case, basket: Case) -> str:
    """Why a rule is not for this customer at this moment, empty if it is."""
    body, member = rule["body"], basket["member"]
    if rule["tiers"] is not None and (member is None or member["tier"] not in rule["tiers"]):
        return "tier"
    if member is None and (body.get("first_order") or "day_qty_milli" in body):
        return "no_member"
    if body.get("first_order") and not member["first_order"]:
        return "first_order"
    if "day_qty_milli" in body and member["used"].get(rule["id"], 0) >= body["day_qty_milli"]:
        return "used_up"
    if "days" in body and basket["day"] not in body["days"]:
        return "day"
    if body.get("weekdays") and basket["weekday"] not in body["weekdays"]:
        return "weekday"
    if basket["day"] in body.get("not_on", ()):
        return "holiday"
    begin, end, now = body.get("from_minute", 0), body.get("to_minute", 1440), basket["minute"]
    minutes = range(begin, end) if begin <= end else [*range(begin, 1440), *range(end)]
    return "" if now in minutes else "hour"


def covers(body: Case, goods: Case) -> bool:
    """Whether a body names these goods."""
    if body["kind"] == "bundle":
        return goods["id"] in [part["product"] for part in body["parts"]]
    if goods["id"] in body.get("but", ()) or goods["kind"] != body.get("goods", goods["kind"]):
        return False
    names = [(body.get("products"), goods["id"]), (body.get("categories"), goods["category"]),
             (body.get("brands"), goods["brand"])]  # fmt: skip
    return not any(named for named, _ in names) or any(named and one in named for named, one in names)


def shared(amount: int, weights: Sequence[int]) -> list[int]:
    """Every unit to whoever is furthest below a fair share."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    fair = [Fraction(amount * weight, whole) for weight in weights]
    parts = [int(each) for each in fair]
    while sum(parts) < amount:
        behind = [each - part for each, part in zip(fair, parts, strict=True)]
        parts[behind.index(max(behind))] += 1
    return parts


class _Line:
    """A line on its way down."""

    def __init__(self, goods: Case) -> None:
        self.goods = goods
        milli = Fraction(goods["price"] * goods["milli"], 1000)
        self.value = self.left = int(milli + Fraction(1, 2))
        self.own = 0
        self.closed = self.promoted = False
        self.steps: list[Step] = [("typed" if goods["typed"] else "retail", None, 0, self.value)]

    def take(self, source: str, rule: int | None, amount: int) -> None:
        if amount:
            self.left -= amount
            self.steps.append((source, rule, amount, self.left))

    def instead(self) -> None:
        """The member's own price is given back: a promotion takes its place."""
        kept = [
            (source, rule, took) for source, rule, took, _ in self.steps if source not in ("list", "tier")
        ]
        self.own, self.left, self.steps = 0, self.value, [(kept[0][0], None, 0, self.value)]
        for source, rule, took in kept[1:]:
            self.take(source, rule, took)


def _own_prices(lines: Sequence[_Line], basket: Case) -> None:
    """The lower of the tier's rate and a list that is open to the member."""
    member = basket["member"]
    if member is None:
        return
    for line in lines:
        goods = line.goods
        if goods["typed"]:
            continue
        by_tier = line.value * basket["tenth"] // 10_000 if member["tier"] == basket["tenth_of"] else 0
        costs = [-(-price * goods["milli"] // 1000) for name, price in goods["lists"].items()
                 if name in ("member", member["code"])]  # fmt: skip
        by_list = max(0, line.value - min(costs, default=line.value))
        line.own = max(by_tier, by_list)
        line.take("tier" if by_tier > by_list else "list", None, line.own)


def _promote(lines: list[_Line], rules: Sequence[Case], basket: Case) -> None:
    """One pass: the exclusive ones, the best set of the best ones, those that stack."""
    begin = [each for each in rules if each["body"].get("combine", "best") == "exclusive"]
    best = [each for each in rules if each["body"].get("combine", "best") == "best"]
    for rule in begin:
        _apply(lines, rule, _offer(lines, rule, basket))
    offers = [(rule, offer) for rule in best if (offer := _offer(lines, rule, basket))]
    for rule, offer in _best(offers):
        _apply(lines, rule, offer)
    for rule in rules:
        if rule["body"].get("combine") == "stack":
            _apply(lines, rule, _offer(lines, rule, basket))


Offer = dict[int, tuple[int, int]]
"""By line what comes off it and what of the member's own price goes back; a line in it at 0 is used up."""


def _gain(offer: Offer) -> int:
    return sum(off - back for off, back in offer.values())


def _best(offers: Sequence[tuple[Case, Offer]]) -> Iterator[tuple[Case, Offer]]:
    """The best set of promotions over several lines; a line that none of them has goes to its best one."""
    single: dict[int, tuple[int, Case, Offer]] = {}
    for rule, offer in offers:
        if rule["body"]["kind"] in SINGLE:
            for i, (off, back) in offer.items():
                if off - back > single.get(i, (0,))[0]:
                    single[i] = (off - back, rule, {i: (off, back)})

    def more(offer: Offer) -> int:
        return _gain(offer) - sum(single[i][0] for i in offer if i in single)

    groups = [each for each in offers if each[0]["body"]["kind"] not in SINGLE and more(each[1]) > 0]
    groups.sort(key=lambda each: (-more(each[1]), -each[0]["body"].get("priority", 0), each[0]["id"]))
    found: list[tuple[Case, Offer]] = []
    for wanted in every((True, False), repeat=len(groups)):
        chosen = [each for each, want in zip(groups, wanted, strict=True) if want]
        lines = [i for _, offer in chosen for i in offer]
        if len(lines) == len(set(lines)) and sum(more(o) for _, o in chosen) > sum(more(o) for _, o in found):
            found = chosen
    yield from found
    gone = {i for _, offer in found for i in offer}
    yield from ((rule, offer) for i, (_, rule, offer) in single.items() if i not in gone)


def _apply(lines: Sequence[_Line], rule: Case, offer: Offer) -> None:
    for i, (off, back) in offer.items():
        line = lines[i]
        if off and back:
            line.instead()
        line.take("promotion", rule["id"], off)
        line.promoted = line.promoted or off > 0
        line.closed = line.closed or rule["body"].get("combine") == "exclusive"


def _offer(lines: Sequence[_Line], rule: Case, basket: Case) -> Offer:
    """What a rule would take now, nothing if it would not."""
    body = rule["body"]
    member, alone = body.get("with_member", True), body.get("combine") == "exclusive"
    base = sum(line.value - line.own for line in lines)
    found = [
        (i, line, line.left if member else line.left + line.own)
        for i, line in enumerate(lines)
        if covers(body, line.goods) and not line.goods["typed"] and not line.closed and line.left > 0
        and not (line.promoted and (alone or not member))
    ]  # fmt: skip
    found.sort(key=lambda each: (Fraction(-each[2] * 10**6 // each[1].goods["milli"]), each[1].goods["id"]))
    backs = {i: 0 if member else line.own for i, line, _ in found}
    room = body.get("max_qty_milli", 10**9)
    if "day_qty_milli" in body:
        used = basket["member"]["used"].get(rule["id"], 0)
        room = min(room, body["day_qty_milli"] - used)
    if not found or (body["kind"] != "gift" and base < rule["least"]):
        return {}
    amounts = _of_kind(body, found, room, backs, lines)
    left, offer = rule["document_most"], {}
    for i, amount in amounts.items():
        kept = min(amount, rule["line_most"], left)
        left -= kept
        offer[i] = (kept, backs[i] if kept else 0)
    given = sum(off for off, _ in offer.values())
    if body["kind"] == "gift" and base - given < rule["least"]:
        return {}
    if body["kind"] == "bundle" and "day_qty_milli" in body and any(not off for off, _ in offer.values()):
        return {}  # a part of it that costs nothing less could not be counted by the day
    return offer if _gain(offer) > 0 else {}


Found = Sequence[tuple[int, _Line, int]]


def _of_kind(
    body: Case, found: Found, room: int, backs: dict[int, int], lines: Sequence[_Line]
) -> dict[int, int]:
    """What a kind takes off each line; groups also name the lines that they use up at 0."""
    kind = body["kind"]
    if kind in ("nth", "buy_get"):
        return _pieces(body, found, room)
    if kind == "bundle":
        return _bundle(body, found, room)
    if kind == "steps":
        return _steps(body, found, backs, lines)
    if kind == "gift":
        bought = [line.goods["milli"] for line in lines
                  if line.goods["id"] in body.get("needs", ()) and not line.goods["typed"]]  # fmt: skip
        times = sum(bought) // body["each_milli"] if body.get("needs") else 1
        room = min(room, times * body["give_milli"])
    amounts: dict[int, int] = {}
    for i, line, start in found:
        milli = min(line.goods["milli"], room)
        if not line.goods["weighed"]:
            milli -= milli % 1000
        part = Fraction(start * milli, line.goods["milli"])
        off = {
            "percent": part * body.get("rate_bp", 0) / 10_000,
            "amount": min(Fraction(int(part)), Fraction(body.get("off_minor", 0) * milli, 1000)),
            "fixed": int(part) - _up(Fraction(body.get("price_minor", 0) * milli, 1000)),
            "gift": part,
        }[kind]
        if int(off) > backs[i]:
            amounts[i] = int(off)
            room -= milli
    return amounts


def _up(exact: Fraction) -> int:
    return -int(-exact // 1)


def _pieces(body: Case, found: Found, room: int) -> dict[int, int]:
    """Pieces laid out, the dearest first, and cut into groups: the last of each group are cheaper."""
    give = body.get("get", 1)
    size = body["n"] if body["kind"] == "nth" else body["buy"] + give
    rate = body.get("rate_bp", 10_000)
    laid = [(i, line, start) for i, line, start in found if not line.goods["weighed"]
            for _ in range(line.goods["milli"] // 1000)]  # fmt: skip
    groups = min(len(laid) // size, room // (give * 1000))
    lowered: dict[int, int] = {}
    for at in range(groups * size):
        lowered.setdefault(laid[at][0], 0)
        if at % size >= size - give:
            lowered[laid[at][0]] += 1
    worth = {i: Fraction(start * 1000, line.goods["milli"]) for i, line, start in found}
    return {i: int(worth[i] * count * rate / 10_000) for i, count in lowered.items()}


def _bundle(body: Case, found: Found, room: int) -> dict[int, int]:
    """Sets are taken out of the basket one after the other."""
    there: dict[int, int] = {}
    for _, line, _ in found:
        there[line.goods["id"]] = there.get(line.goods["id"], 0) + line.goods["milli"]
    parts = {part["product"]: part["qty_milli"] for part in body["parts"]}
    sets = 0
    while all(there.get(one, 0) >= (sets + 1) * milli for one, milli in parts.items()) and (
        sum(parts.values()) * (sets + 1) <= room
    ):
        sets += 1
    taken = [(i, start * parts[line.goods["id"]] * sets // line.goods["milli"]) for i, line, start in found]
    off = sum(worth for _, worth in taken) - body["price_minor"] * sets
    if not sets or off <= 0:
        return {}
    return dict(zip((i for i, _ in taken), shared(off, [worth for _, worth in taken]), strict=True))


def _steps(body: Case, found: Found, backs: dict[int, int], lines: Sequence[_Line]) -> dict[int, int]:
    """The step that takes most, of those that the goods reach at the customer's own prices."""
    base = sum(line.value - line.own + backs[i] for i, line, _ in found)
    worth = [start for _, _, start in found]
    offs = [0]
    for step in body["steps"]:
        if base >= step["from_minor"]:
            times = base // step["from_minor"] if body.get("repeats") else 1
            offs.append(step.get("off_minor", 0) * times or sum(worth) * step.get("rate_bp", 0) // 10_000)
    return dict(zip((i for i, _, _ in found), shared(min(max(offs), sum(worth)), worth), strict=True))


def _coupon(lines: Iterable[_Line], coupon: Case | None) -> None:
    if coupon is None:
        return
    mine = [line for line in lines if line.goods["id"] in coupon["products"] and not line.goods["typed"]]
    left = [line.left for line in mine]
    if sum(left) >= coupon["least"]:
        for line, part in zip(mine, shared(min(coupon["off"], sum(left)), left), strict=True):
            line.take("coupon", coupon["id"], part)
