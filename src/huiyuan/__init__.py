"""huiyuan (会员): membership counters for chains of shops, in a terminal, on one shared PostgreSQL.

Six rooms; arrows point down only: tui > screens > (repositories | devices) > domain. config is a leaf.
"""

from __future__ import annotations

__version__ = "0.1.0"
