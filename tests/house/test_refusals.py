"""Every code that the ledger page, the SQL or the Python below the screens can refuse with has a sentence.

Codes that only the command line can meet have theirs in `tui.sentences`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from huiyuan.config.i18n import translate
from huiyuan.domain.model.errors import Refused
from huiyuan.screens.refusals.card_types import CARD_TYPE_WHY
from huiyuan.screens.refusals.cards import NOT_ACTIVE
from huiyuan.screens.refusals.coupons import COUPON_WHY
from huiyuan.screens.refusals.group_orders import GROUP_WHY
from huiyuan.screens.refusals.invoices import INVOICE_WHY
from huiyuan.screens.refusals.moving_value import MOVING_WHY
from huiyuan.screens.refusals.offline import OFFLINE_WHY
from huiyuan.screens.refusals.promotions import WHY
from huiyuan.screens.refusals.sentences import SENTENCES, sentence
from huiyuan.screens.refusals.taking_back import BLIND
from huiyuan.screens.widgets.plain import wrap
from huiyuan.screens.wording import Wording
from huiyuan.tui import sentences as command_line

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "src" / "huiyuan"

IN_SQL = re.compile(r"sec\.(?:refuse|refusal)\(\s*'([a-z_]+)'")
IN_PYTHON = re.compile(r"\bRefused\(\s*\"([a-z_]+)\"")
IN_TABLE = re.compile(r"^\| `([a-z_]+)` \|", re.MULTILINE)
IN_CALLS = re.compile(r"`([a-z_]+)(?: \{[^}]*\})`")
NAMED = re.compile(r"refus\w* ((?:`[a-z_]+(?: \{[^}]*\})?`(?:, )?)+)")

# A screen never shows these: a newer question took over, or a person gave the proposal up.
SILENT = {"superseded", "withdrawn"}


def codes_in_docs(text: str) -> set[str]:
    """Codes of section 5's table; of section 9 what follows the word refusal or has facts in braces."""
    fifth = text[text.index("## 5.") : text.index("## 6.")]
    ninth = text[text.index("## 9.") :]
    named = {code for found in NAMED.findall(ninth) for code in re.findall(r"`([a-z_]+)", found)}
    return set(IN_TABLE.findall(fifth)) | set(IN_CALLS.findall(ninth)) | named


def codes_in(pattern: re.Pattern[str], paths: list[Path]) -> dict[str, str]:
    """Code -> the file it was found in."""
    return {code: path.name for path in paths for code in pattern.findall(path.read_text("utf-8"))}


def every_code() -> dict[str, str]:
    """Code -> where it can come from."""
    found = codes_in(IN_SQL, sorted(SOURCE.rglob("*.sql")))
    rooms = [path for path in sorted(SOURCE.rglob("*.py")) if "tui" not in path.parts]
    found |= codes_in(IN_PYTHON, rooms)
    return found | dict.fromkeys(codes_in_docs((PROJECT / "docs" / "LEDGER.md").read_text("utf-8")), "docs")


def unspoken(codes: dict[str, str]) -> list[str]:
    """Codes without a sentence, with the place they come from."""
    known = set(SENTENCES) | set(command_line.SENTENCES) | SILENT
    return sorted(f"{code} ({place})" for code, place in codes.items() if code not in known)


def test_every_code_has_a_sentence() -> None:
    codes = every_code()
    assert len(codes) > 60
    assert unspoken(codes) == []


def test_a_code_without_a_sentence_is_found() -> None:
    assert unspoken({"made_up": "x.sql", "insufficient": "docs"}) == ["made_up (x.sql)"]
    assert "made_up" in IN_SQL.findall("perform sec.refuse('made_up', '{}');")
    assert "made_up" in IN_PYTHON.findall('raise Refused("made_up", {})')


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_sentence_says_what_stands_and_survives_without_facts(lang: str) -> None:
    say = Wording(translate(lang), lang)
    for code in SENTENCES:
        shown = sentence(say, Refused(code))
        assert len(shown) > 8, code
        assert "{" not in shown, shown


def too_long(texts: Iterable[str], lang: str) -> list[str]:
    """What does not fit the two rows above the keys of 80 columns; each fact is taken for four cells."""
    say = Wording(translate(lang), lang)
    plural = (re.sub(r"{[a-z_]+:[^|}]*\|([^}]*)}", r"\1", say.tr(text)) for text in texts)
    shown = (re.sub(r"{[a-z_]+}", "1234", text) for text in plural)
    return [text for text in shown if len(wrap(text, 78)) > 2]


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_every_sentence_fits_the_two_rows_where_it_is_said(lang: str) -> None:
    whys = (each for table in (WHY, MOVING_WHY, CARD_TYPE_WHY, INVOICE_WHY) for each in table.values())
    tables = [SENTENCES, NOT_ACTIVE, COUPON_WHY, GROUP_WHY, OFFLINE_WHY, BLIND, *whys]
    assert too_long((text for table in tables for text in table.values()), lang) == []
    assert too_long(["word " * 33], lang) != []


def test_a_sentence_names_money_as_money_and_what_is_missing() -> None:
    zh, en = Wording(translate("zh_CN"), "zh_CN"), Wording(translate("en"), "en")
    short = Refused("insufficient", {"account": "stored", "wallet": 1, "balance": 1000, "wanted": 2250})
    assert sentence(zh, short).startswith("余额不足：还差 ¥12.50。")
    assert sentence(en, short).startswith("Balance too low: ¥12.50 are missing.")
    kept = {"account": "bonus", "wallet": 1, "missing": 3000, "why": "released"}
    told = [sentence(en, Refused("lot_spent", facts)) for facts in (kept, {**kept, "why": None})]
    assert told[0].startswith("¥30.00 of what was promised with it are booked already")
    assert told[1].startswith("¥30.00 of it were spent meanwhile")


def test_a_card_that_is_not_active_says_what_to_do_about_its_state() -> None:
    en = Wording(translate("en"), "en")
    told = {
        state: sentence(en, Refused("card_not_active", {"state": state}))
        for state in ("blank", "issued", "expired", "frozen", "lost", "replaced", "closed")
    }
    assert len(set(told.values())) == len(told)
    assert "(home, F6)" in told["issued"]
    assert all("Nothing was booked. " in text for text in told.values())


def test_an_application_that_is_refused_says_what_comes_next() -> None:
    en = Wording(translate("en"), "en")
    own = sentence(
        en, Refused("application_wrong", {"was": "applied", "now": "approved", "state": "applied"})
    )
    assert "Another person signs in" in own
    again = sentence(en, Refused("application_wrong", {"was": "new", "now": "applied"}))
    assert "withdraw it (F8)" in again
    late = {"was": "applied", "now": "approved", "state": "withdrawn"}
    assert "is withdrawn meanwhile" in sentence(en, Refused("application_wrong", late))


def test_one_of_something_is_not_called_many() -> None:
    en = Wording(translate("en"), "en")
    last, more = (sentence(en, Refused("pin_wrong", {"tries_left": left})) for left in (1, 3))
    assert "1 try is left" in last
    assert "3 tries are left" in more


def test_an_unknown_code_is_named_and_is_no_failure() -> None:
    text = sentence(Wording(translate("en"), "en"), Refused("brand_new\x1b[2J"))
    assert "brand_new^[[2J" in text
    assert "fail" not in text.lower()


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_no_sentence_calls_an_unknown_outcome_failed(lang: str) -> None:
    from huiyuan.screens.asking import CHECKING, NO_LINE, STILL_UNKNOWN

    tr = translate(lang)
    for text in (CHECKING, NO_LINE, STILL_UNKNOWN):
        assert not re.search("fail|失败", tr(text), re.IGNORECASE)


def test_outside_text_in_a_fact_cannot_steer_the_terminal() -> None:
    shown = sentence(
        Wording(translate("en"), "en"), Refused("unknown_product", {"product": "[/x]\x1b]0;x\x07"})
    )
    assert "\x1b" not in shown
    assert "[/x]^[]0;x^G" in shown
