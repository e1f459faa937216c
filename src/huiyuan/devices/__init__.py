"""devices: printers, readers, scanners and drawers, each behind a port of the domain.

It may import: domain and driver libraries. Never repositories: the two neighbours do not meet.
"""

from __future__ import annotations
