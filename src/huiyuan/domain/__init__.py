"""domain: the trade itself, without a database, a screen or a clock.

In this room: usecases > ports > model. A use case turns facts into a document and hands it to the door.
It may import: the standard library only. Time, ids and chance come in as arguments; there is no float,
money is an integer of minor units, quantity is in thousandths, rates are per 10,000.
"""

from __future__ import annotations
