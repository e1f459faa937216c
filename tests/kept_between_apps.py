"""What apps of one worker need not find twice: rules of the same text, and those of them that fit a widget.

The text, its place and the values of its variables make the rules. Which of them fit is made by what their
selectors can look at: the types, ids, classes and pseudo classes of the widget and of all above it. A test
starts an app of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

ORDER: Final = {"first-of-type", "last-of-type", "first-child", "last-child", "empty"}


class Candidates(NamedTuple):
    """The rules of a sheet that may fit a widget of some names, by a number, and what they look at."""

    number: int
    looked_at: tuple[str, ...]
    hover: bool
    focus_within: bool
    order: bool
    odd_or_even: bool


_parse = Stylesheet._parse_rules
_apply = Stylesheet.apply
_replace = Stylesheet.replace_rules
_rules: dict[tuple[Any, ...], list[RuleSet]] = {}
_keys: dict[tuple[tuple[str, str], ...], int] = {}
_numbers: dict[tuple[RuleSet, ...], int] = {}
_candidates: dict[tuple[int, frozenset[str]], Candidates] = {}
_fitting: dict[tuple[Any, ...], RulesMap] = {}
_looked_for: dict[DOMNode, tuple[Any, ...]] = {}


def _parse_once(self: Stylesheet, css: str, *args: Any, **named: Any) -> list[RuleSet]:
    variables = self._variables
    if self.__dict__.get("kept_variables") is not variables:
        kept_key = tuple(sorted(variables.items()))
        self.__dict__.update(kept_variables=variables, kept_key=_keys.setdefault(kept_key, len(_keys)))
    key = (css, args, *sorted(named.items()), self.__dict__["kept_key"])
    if key not in _rules:
        _rules[key] = _parse(self, css, *args, **named)
    return _rules[key]


def _number(rules: tuple[RuleSet, ...]) -> int:
    return _numbers.setdefault(rules, len(_numbers))


def _candidates_of(sheet: Stylesheet, node: DOMNode) -> Candidates:
    rules = sheet.rules
    if sheet.__dict__.get("kept_rules") is not rules:
        sheet.__dict__.update(kept_rules=rules, kept_number=_number(tuple(rules)))
    names = frozenset(node._selector_names)
    key = (sheet.__dict__["kept_number"], names)
    if key not in _candidates:
        named = {rule for name in sheet.rules_map.keys() & names for rule in sheet.rules_map[name]}
        may_fit = tuple(rule for rule in rules if rule in named)
        pseudo = {each for rule in may_fit for each in rule.pseudo_classes}
        _candidates[key] = Candidates(
            _number(may_fit),
            tuple(pseudo),
            "hover" in pseudo,
            "focus-within" in pseudo,
            not pseudo.isdisjoint(ORDER),
            not pseudo.isdisjoint({"odd", "even"}),
        )
    return _candidates[key]


def _seen_by_rules(node: DOMNode, looked_at: tuple[str, ...]) -> tuple[Any, ...]:
    has: Mapping[str, Callable[[Any], bool]] = node._PSEUDO_CLASSES
    pseudo = tuple([name for name in looked_at if name in has and has[name](node)])
    return type(node), node._id, frozenset(node._classes), pseudo


def _apply_once(self: Stylesheet, node: DOMNode, *, animate: bool = False, cache: object = None) -> None:
    candidates = _candidates_of(self, node)
    key = (candidates.number, *[_seen_by_rules(each, candidates.looked_at) for each in node.css_path_nodes])
    rules = _fitting.get(key)
    if rules is None:
        _looked_for[node] = key
        _apply(self, node, animate=animate)
        _looked_for.pop(node, None)
        return
    node._has_hover_style, node._has_focus_within = candidates.hover, candidates.focus_within
    node._has_order_style, node._has_odd_or_even = candidates.order, candidates.odd_or_even
    _replace(node, rules, animate=animate)
    self._process_component_classes(node)


def _replace_and_keep(node: DOMNode, rules: RulesMap, animate: bool = False) -> None:
    if (key := _looked_for.pop(node, None)) is not None:
        _fitting[key] = rules
    _replace(node, rules, animate=animate)


def keep_between_apps() -> None:
    """From now on in this process."""
    Stylesheet._parse_rules = _parse_once  # type: ignore[method-assign]
    Stylesheet.apply = _apply_once  # type: ignore[method-assign]
    Stylesheet.replace_rules = staticmethod(_replace_and_keep)  # type: ignore[method-assign]
