"""Which of the promotions that want the same lines a basket has: those that together take most.

Always true: one more offer never makes the basket dearer, because the best of more sets is no worse. That
holds up to `MOST` offers that hang together by their lines; beyond that the ones that take least are left
out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from huiyuan.domain.model.pricing.offers import Offer, Share

MOST: Final = 12


def best_singles(offers: Sequence[Offer]) -> dict[int, tuple[Offer, Share]]:
    """By line the offer that takes most off it, ties to the higher priority, then to the lower rule id."""
    best: dict[int, tuple[Offer, Share]] = {}
    for offer in sorted(offers, key=lambda each: (-each.promotion.priority, each.rule.rule)):
        for share in offer.shares:
            known = best.get(share.index)
            if share.gain_minor > 0 and (known is None or share.gain_minor > known[1].gain_minor):
                best[share.index] = (offer, share)
    return best


def best_groups(offers: Sequence[Offer], singles: Mapping[int, tuple[Offer, Share]]) -> list[Offer]:
    """The offers over several lines that take most beyond what single lines would have instead."""
    ranked: list[tuple[int, Offer]] = []
    for offer in offers:
        instead = sum(singles[i][1].gain_minor for i in offer.consumed if i in singles)
        if offer.gain_minor > instead:
            ranked.append((offer.gain_minor - instead, offer))
    ranked.sort(key=lambda each: (-each[0], -each[1].promotion.priority, each[1].rule.rule))
    chosen: list[Offer] = []
    for together in _together(ranked):
        chosen += _best_of(together[:MOST])
    return chosen


def _together(ranked: Sequence[tuple[int, Offer]]) -> list[list[tuple[int, Offer]]]:
    """Apart by lines: what shares no line, even by way of others, does not get in each other's way."""
    heaps: list[tuple[set[int], list[tuple[int, Offer]]]] = []
    for each in ranked:
        lines, members = set(each[1].consumed), [each]
        apart = []
        for heap in heaps:
            if heap[0] & lines:
                lines |= heap[0]
                members = heap[1] + members
            else:
                apart.append(heap)
        heaps = [*apart, (lines, members)]
    return [sorted(members, key=ranked.index) for _, members in heaps]


def _best_of(ranked: Sequence[tuple[int, Offer]]) -> list[Offer]:
    """The set of offers without a line in common that gains most; the first such set in their order."""
    best: tuple[int, list[Offer]] = (0, [])

    def look(at: int, gain: int, used: frozenset[int], taken: list[Offer]) -> None:
        nonlocal best
        if gain > best[0]:
            best = (gain, taken)
        if at == len(ranked) or gain + sum(more for more, _ in ranked[at:]) <= best[0]:
            return
        more, offer = ranked[at]
        if not used & offer.consumed:
            look(at + 1, gain + more, used | offer.consumed, [*taken, offer])
        look(at + 1, gain, used, taken)

    look(0, 0, frozenset(), [])
    return best[1]
