"""tui: the shell. Start, wiring, theme, keymap, background work, command line.

The one place that names concrete classes and reads settings. It may import every room; nobody imports it.
"""

from __future__ import annotations
