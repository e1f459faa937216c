"""Tests of the room devices."""

from __future__ import annotations
