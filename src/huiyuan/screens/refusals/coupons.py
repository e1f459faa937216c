"""Coupons: why the door did not take a code, or did not give one out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huiyuan.config.i18n import msg

COUPONS: Final[Mapping[str, str]] = {
    "coupon_refused": msg(
        "Coupon {coupon} does not hold here any more. Nothing was booked. Go back (Esc) and take it off."
    ),
    "unknown_coupon": msg("Nobody gave out a coupon with this code. Read it again, letter by letter."),
    "coupon_twice": msg("Coupon {coupon} is in this basket already."),
}

COUPON_WHY: Final[Mapping[str, str]] = {
    "unknown": msg("Nobody gave out this coupon. Nothing was booked. Go back (Esc) and take it off."),
    "used": msg("Coupon {coupon} was used already. Nothing was booked. Go back (Esc) and take it off."),
    "void": msg("Coupon {coupon} is void. Nothing was booked. Go back (Esc) and take it off."),
    "earned_back": msg(
        "Coupon {coupon} was earned by the sale that comes back whole: it goes with it. Nothing was booked."
        " Go back (Esc) and take it off."
    ),
    "expired": msg("Coupon {coupon} has expired. Nothing was booked. Go back (Esc) and take it off."),
    "holder": msg("Coupon {coupon} belongs to another member. Nothing was booked. Attach that one (F7)."),
    "store": msg("Coupon {coupon} does not hold in this store. Nothing was booked. Take it off."),
    "tier": msg("Coupon {coupon} is for other tiers. Nothing was booked. Take it off."),
    "window": msg("Coupon {coupon} does not hold on this day or at this hour. Nothing was booked."),
    "least": msg("Coupon {coupon} needs {least} of its goods. Nothing was booked."),
    "many": msg("More coupons of one kind than a sale takes. Nothing was booked. Take one off."),
    "alone": msg("Coupon {coupon} does not stand beside other coupons. Nothing was booked. Take one off."),
    "beside": msg("Coupon {coupon} does not hold for goods on promotion. Nothing was booked. Take it off."),
    "no_member": msg("Coupon {coupon} is for members. Nothing was booked. Attach one (F7)."),
    "person": msg("This member has used all coupons of this kind. Nothing was booked. Take it off."),
    "day": msg("This member has used today's coupons of this kind. Nothing was booked. Take it off."),
    "series": msg("This series gives out no coupons now. Nothing was booked."),
}
"""Why -> the sentence that says more than the code's own."""
