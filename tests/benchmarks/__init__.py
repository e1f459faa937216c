"""Figures, reported as ratios in one run (make bench)."""

from __future__ import annotations
