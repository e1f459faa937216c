"""domain.model.pricing: from a cart to a priced cart, in the written order.

The order: list price -> tier -> manual -> total, then tax and points over the total. Each step sees what the
steps before it left and answers adjustments that name their source, rule and version; nothing edits the cart.
It may import: domain.model.
"""

from __future__ import annotations
