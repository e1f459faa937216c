"""The tests mirror the rooms; conftest.py is the only way to a database."""

from __future__ import annotations
