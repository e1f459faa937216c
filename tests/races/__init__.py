"""Many connections at one moment, behind a barrier."""

from __future__ import annotations
