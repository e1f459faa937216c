"""Tests of the room repositories."""

from __future__ import annotations
