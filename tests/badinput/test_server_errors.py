"""What the server says in an error names rows: none of it is shown, logged or kept."""

from __future__ import annotations

import logging

import pytest

from huiyuan.domain.model.errors import Refused
from huiyuan.repositories.connection import HeldSession, Line, LineSettings
from huiyuan.screens.refusals import sentence
from huiyuan.screens.wording import Wording
from tests.cluster import Shop

NAME = "张\x1b]0;PWN\x07三 13800138000"
RAISES = (
    f"do $$ begin raise exception 'failing row contains ({NAME})'"
    f" using detail = 'Key (name)=({NAME})'; end $$"
)


def test_an_error_of_the_server_shows_no_word_of_it(
    shared_shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    """Control: the server did say it."""
    with shared_shop.connect() as owner, pytest.raises(Exception, match="13800138000"):
        owner.execute(RAISES.encode())
    line = Line(LineSettings(shared_shop.admin_url, deadline_s=8), HeldSession(), name="read")
    try:
        with caplog.at_level(logging.DEBUG), pytest.raises(Refused) as refused:
            line.ask_by_login(RAISES, ())
    finally:
        line.close()
    said = sentence(Wording(lambda text: text, "en"), refused.value)
    for text in (said, repr(refused.value), str(refused.value.facts), caplog.text):
        assert "张" not in text
        assert "13800138000" not in text
        assert "\x1b" not in text
    assert refused.value.code == "server_error"
