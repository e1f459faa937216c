"""screens: what people see and press.

It may import: domain (use cases and ports), textual, and config.i18n for the language.
Never SQL, never a driver, neither repositories nor devices.
"""

from __future__ import annotations
