"""Tests of the room tui."""

from __future__ import annotations
