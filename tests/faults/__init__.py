"""What must be survived; every fault has a control that fails without the protection."""

from __future__ import annotations
