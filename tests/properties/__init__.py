"""Properties of the ledger over sequences of documents that nobody thought of."""

from __future__ import annotations
