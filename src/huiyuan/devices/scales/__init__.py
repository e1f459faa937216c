"""Scales on a serial line."""

from __future__ import annotations
