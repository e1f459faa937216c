"""What a screen or widget looks like: the rules of every base of ours reach the classes made of it."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from textual.widget import Widget

import huiyuan.screens
from huiyuan.screens.asking import AskingScreen
from huiyuan.screens.frame import ShopScreen


def derived(base: type[Widget]) -> Iterator[type[Widget]]:
    """Every class below `base`."""
    for each in base.__subclasses__():
        yield each
        yield from derived(each)


def without_rules(kind: type[Widget]) -> set[str]:
    """Bases of ours whose DEFAULT_CSS does not apply to `kind`: Textual follows the first base only."""
    reached = {base.__name__ for base in kind._css_bases(kind)}
    ours = [base for base in kind.__mro__ if base.__module__.startswith("huiyuan.")]
    return {base.__name__ for base in ours if "DEFAULT_CSS" in vars(base)} - reached


def test_no_base_with_rules_stands_behind_another_base() -> None:
    """Else a screen is drawn without its frame: a window that is too small took keys nobody saw."""
    for module in pkgutil.walk_packages(huiyuan.screens.__path__, "huiyuan.screens."):
        importlib.import_module(module.name)
    kinds = {kind for kind in derived(Widget) if kind.__module__.startswith("huiyuan.")}
    assert len(kinds) > 100
    assert {kind.__name__: without_rules(kind) for kind in kinds if without_rules(kind)} == {}


def test_a_base_behind_another_is_found() -> None:
    class Mixed(AskingScreen[None]):
        pass

    class Behind(Mixed, ShopScreen[None]):
        pass

    assert without_rules(Behind) == {"ShopScreen"}
