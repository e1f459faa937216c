"""dialogs: short questions that lie over a screen's lower rows and hand back one answer."""

from __future__ import annotations
