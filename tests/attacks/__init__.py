"""What a hostile terminal may try. This package has a cluster of its own: role changes happen here only."""

from __future__ import annotations
