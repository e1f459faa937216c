"""What the tests of the screens share."""

from __future__ import annotations

import pytest

from huiyuan.screens import result

LEAST_SHOWN_S = 0.05


@pytest.fixture(autouse=True)
def quick_results(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result lets go soon, except where holding Enter down is the subject."""
    if "thirty" not in request.node.name and "hammering" not in request.node.name:
        monkeypatch.setattr(result, "LEAST_SHOWN_S", LEAST_SHOWN_S)
