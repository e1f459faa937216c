"""The key of phone and ID numbers: only a counter that has it opens them; what is wrong with it is said."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from huiyuan.config.i18n import LANGUAGES, translate
from huiyuan.domain.model.errors import Refused
from huiyuan.repositories.connection import HeldSession
from huiyuan.repositories.demo import DEMO_DATA_KEY
from huiyuan.repositories.demo_data import CHAIN_UID
from huiyuan.repositories.secrets import DataKey
from huiyuan.screens.refusals import sentence
from huiyuan.screens.wording import Wording
from huiyuan.tui.chain_keys import data_key_of

OWN = HeldSession(chain=uuid4())


def test_the_key_of_this_counter_is_read_when_it_is_needed(tmp_path: Path) -> None:
    path, key = tmp_path / "data.key", DataKey.fresh()
    read = data_key_of(path, OWN)
    key.save(path)
    assert read() == key
    assert data_key_of(path, HeldSession(chain=CHAIN_UID))() == key  # a demo's own file goes first


def test_only_the_demo_chain_has_a_key_that_everybody_has(tmp_path: Path) -> None:
    missing = tmp_path / "data.key"
    assert data_key_of(missing, HeldSession(chain=CHAIN_UID))() == DEMO_DATA_KEY
    for held in (OWN, HeldSession()):
        with pytest.raises(Refused, match="data_key_missing"):
            data_key_of(missing, held)()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_key_that_cannot_be_used_is_refused_in_words(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "data.key"
    path.write_text("not a key")
    for mode, code in ((0o644, "key_open_to_others"), (0o600, "data_key_damaged")):
        path.chmod(mode)
        with pytest.raises(Refused) as refusal:
            data_key_of(path, OWN)()
        assert refusal.value.code == code
        assert len(sentence(Wording(translate(lang), lang), refusal.value)) > 20
