"""config: settings, paths, logs and language of this installation.

In this room: settings (pydantic-settings by subject), paths, log set-up with redaction, i18n (gettext).
It may import: the standard library and its own frameworks; nothing of ours (it is a leaf).
Read by tui only, and handed down as plain values. The one exception: screens mark and translate their
sentences through `config.i18n`.
"""

from __future__ import annotations
