"""repositories.counter: what lies on the counter itself: its seat, its journal, its clock and ids.

It may import: domain and the standard library.
"""

from __future__ import annotations
