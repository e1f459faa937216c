"""Group-buy orders: why one cannot be opened, joined, left or closed like this."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

GROUP_ORDERS: Final[Mapping[str, str]] = {
    "group_refused": msg("This group order cannot be changed like this. Nothing was written."),
}

GROUP_WHY: Final[Mapping[str, str]] = {
    "unknown": msg("This store has no such group order or place. Nothing was written. Go back (Esc)."),
    "closed": msg("This group order is closed already: its coupons are out, each once. Go back (Esc)."),
    "called_off": msg("This group order was called off. Nothing was written. Open a new one."),
    "over": msg("Its time to join is over. Nothing was written. Close it (F3) or call it off (F8)."),
    "short": msg("{pieces} more pieces reach the first tier. Nothing was given out."
                 " Wait for more, or call it off (F8)."),
    "places": msg("Somebody joined or left meanwhile: {pieces} pieces stand. Nothing was given out."
                  " Look at who takes part now, then close it (F3)."),
    "joined": msg("This member takes part already. Nothing was written. Withdraw that place first (F4)."),
    "member": msg("This member is a member no longer. Nothing was written. Choose another."),
    "pieces": msg("Type between 1 and {pieces} pieces: a sale takes no more coupons of these series."
                  " Nothing was written."),
    "full": msg("A group order holds {pieces} pieces in all. Nothing was written. Open another one."),
    "product": msg("A group order is about one product that is sold by the piece."
                   " Nothing was written. Choose another."),
    "closes": msg("It has to end later than now and within a year. Nothing was written. Type another end."),
    "tiers": msg("Type 1 to 9 tiers, each with its own pieces (1 to 1000) and its own series."
                 " Nothing was written."),
    "series": msg("A series of the tiers gives out no coupons here now. Nothing was written."
                  " Choose another."),
    "kind": msg("A tier's series takes an amount or at most an amount off. Nothing was written."
                " Choose another series."),
    "least": msg("A series without a least total could take off twice from one piece. Nothing was written."
                 " Give it the lowest price of a piece as its least total."),
    "scope": msg("A series of the tiers does not cover this product. Nothing was written. Choose another."),
}  # fmt: skip
"""Why -> the sentence that says more than the code's own."""
