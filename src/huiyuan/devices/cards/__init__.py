"""Card readers over PC/SC: a binding to the system's service, a watcher, and what is read from a card."""

from __future__ import annotations
