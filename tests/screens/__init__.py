"""Tests of the room screens."""

from __future__ import annotations
