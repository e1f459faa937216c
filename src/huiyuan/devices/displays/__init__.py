"""displays: what a customer sees of the total and the change, behind the port CustomerDisplay."""

from __future__ import annotations
