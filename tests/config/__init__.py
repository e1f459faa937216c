"""Tests of the room config."""

from __future__ import annotations
