"""Tests of the room domain."""

from __future__ import annotations
