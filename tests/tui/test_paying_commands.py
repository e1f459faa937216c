"""`huiyuan doctor gateway` against a gateway that is there, is not, and does not know us."""

from __future__ import annotations

from pathlib import Path

import pytest

from huiyuan.devices.simulators.payment_gateway import KEY, MERCHANT, PaymentSimulator
from huiyuan.tui.cli import main


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIYUAN_HOME", str(tmp_path))
    monkeypatch.setenv("HUIYUAN_LANG", "en")
    return tmp_path


def test_the_doctor_says_how_the_gateway_stands(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["doctor", "gateway"]) == 0
    assert "none is set up" in capsys.readouterr().out
    with PaymentSimulator() as gateway:
        monkeypatch.setenv("HUIYUAN_GATEWAY_URL", gateway.url)
        assert main(["doctor", "gateway"]) == 2
        assert "HUIYUAN_GATEWAY_KEY" in capsys.readouterr().err
        monkeypatch.setenv("HUIYUAN_GATEWAY_MERCHANT", MERCHANT)
        monkeypatch.setenv("HUIYUAN_GATEWAY_KEY", KEY)
        assert main(["doctor", "gateway"]) == 0
        assert "knows this merchant" in capsys.readouterr().out
        assert gateway.trades == {}
        monkeypatch.setenv("HUIYUAN_GATEWAY_KEY", "wrong")
        assert main(["doctor", "gateway"]) == 1
        assert "wrong" in capsys.readouterr().out
    assert main(["doctor", "gateway"]) == 1
    assert "cannot be reached" in capsys.readouterr().out


@pytest.mark.parametrize("url", ["tcp://x", "http://", "nonsense"])
def test_an_address_that_is_none_is_refused(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("HUIYUAN_GATEWAY_URL", url)
    assert main(["doctor", "gateway"]) == 2
    assert "HUIYUAN_GATEWAY_URL" in capsys.readouterr().err
