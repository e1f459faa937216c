"""domain.model: pure values and rules (money, cart, prices, documents and their sections).

It may import: the standard library and itself.
"""

from __future__ import annotations
