"""What the suite keeps between its apps to be quick is what each of them would find for itself."""

from __future__ import annotations

from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet

from huiyuan.tui.themes import theme_after
from tests import kept_between_apps as kept
from tests.screens.walk import Walk, walking

Rules = dict[Any, tuple[dict[str, object], dict[str, dict[str, object]]]]


def rules_of(walk: Walk) -> Rules:
    """Of everything on the screen, and of the parts of each that have styles of their own."""
    return {
        node: (
            dict(node.styles.base.get_rules()),
            {name: dict(styles.base.get_rules()) for name, styles in node._component_styles.items()},
        )
        for node in walk.app.screen.walk_children(with_self=True)
    }


def differences(walk: Walk) -> list[str]:
    """Who has other rules than the toolkit alone would give it."""
    before = rules_of(walk)
    with pytest.MonkeyPatch.context() as anew:
        anew.setattr(Stylesheet, "apply", kept._apply)
        anew.setattr(Stylesheet, "replace_rules", kept._replace)
        walk.app.stylesheet.update(walk.app.screen)
    after = rules_of(walk)
    assert len(before) > 5
    return [repr(node) for node, rules in after.items() if before[node] != rules]


KEYS = ("f2", "C", "O", "down", "escape", "f3", *("escape",) * 2, "enter", "f6", "f9", *("escape",) * 2, "f7")


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
async def test_rules_that_were_kept_are_those_that_fit(lang: str) -> None:
    async with walking(lang=lang, shift=lang == "en") as walk:
        assert differences(walk) == []
        await walk.sign_in()
        for key in KEYS:
            await walk.press(key)
            assert differences(walk) == [], f"{walk.name} after {key}"
        walk.app.theme = theme_after(walk.app.theme)
        await walk.settle()
        assert differences(walk) == []


async def test_what_looks_away_from_the_focus_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = kept._seen_by_rules
    monkeypatch.setattr(kept, "_seen_by_rules", lambda node, _looked_at: seen(node, ()))
    monkeypatch.setattr(kept, "_fitting", {})
    async with walking() as walk:
        assert any("ShopInput" in each for each in differences(walk))
