"""printing: whatever takes a slip, behind the port ReceiptPrinter."""

from __future__ import annotations
