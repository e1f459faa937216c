"""House rules: arrows, tidiness, translations."""

from __future__ import annotations
