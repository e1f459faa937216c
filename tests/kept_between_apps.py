"""What apps of one worker need not find twice: rules of the same text.

The text, its place and the values of its variables make the rules. A test starts an app of its own.
"""

from __future__ import annotations

from typing import Any

from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet

_parse = Stylesheet._parse_rules
_rules: dict[tuple[Any, ...], list[RuleSet]] = {}


def _parse_once(self: Stylesheet, css: str, *args: Any, **named: Any) -> list[RuleSet]:
    key = (css, args, *sorted(named.items()), *sorted(self._variables.items()))
    if key not in _rules:
        _rules[key] = _parse(self, css, *args, **named)
    return _rules[key]


def keep_between_apps() -> None:
    """From now on in this process."""
    Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign]
