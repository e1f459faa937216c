"""widgets: the few shapes every screen is made of. Text from outside passes `plain` first, always."""

from __future__ import annotations
