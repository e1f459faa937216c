"""A till's day as a story, on a real PostgreSQL."""

from __future__ import annotations
