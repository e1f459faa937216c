"""domain.model.pricing: from a cart to a priced cart, in the written order.

The order: list price -> the customer's own price (member list, dealer list or tier) -> promotions of lines ->
promotions of the basket -> coupons -> discounts by hand -> total, then tax and points over the total. Each
pass sees what the passes before it left and answers what it takes with source, rule and version; nothing
edits the cart. `passes` says what a pass is, `order` holds them in their order; a coupon is one more pass
there. It may import: domain.model.
"""

from __future__ import annotations
