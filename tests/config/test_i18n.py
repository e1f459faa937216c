"""The language is chosen by what was asked first, and a sentence without translation stays English."""

from __future__ import annotations

import pytest

from huiyuan.config.i18n import choose_language, translate


@pytest.mark.parametrize("spelling", ["zh", "zh_CN", "zh-CN", "zh_CN.UTF-8", "ZH", "zh_TW.UTF-8"])
def test_every_spelling_of_chinese_is_understood(spelling: str) -> None:
    assert choose_language(spelling) == "zh_CN"


def test_the_command_line_outranks_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    assert choose_language("en", "zh_CN") == "en"
    assert choose_language(None, "en") == "en"
    assert choose_language(None, None) == "zh_CN"


def test_an_unknown_language_means_english(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert choose_language("de_DE.UTF-8") == "en"
    assert choose_language() == "en"


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_sentence_without_translation_stays_and_an_empty_one_stays_empty(lang: str) -> None:
    tr = translate(lang)
    assert tr("No such sentence {here}") == "No such sentence {here}"
    assert tr("") == ""


def test_the_chinese_catalogue_speaks_chinese() -> None:
    assert translate("zh_CN")("Language of the screens") == "界面语言"
