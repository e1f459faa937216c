"""Serial scales: a stable weight or the reason why not, in three ways of speaking."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from huiyuan.devices.scales.no_scale import NoScale
from huiyuan.devices.scales.protocols import READERS, read_ad, read_sics, read_toledo
from huiyuan.devices.scales.serial_scale import SerialScale
from huiyuan.devices.simulators.scale import SimulatedScale
from huiyuan.domain.model.errors import Refused


def why(scale: SerialScale) -> str:
    with pytest.raises(Refused) as refused:
        scale.weigh()
    return refused.value.code


@pytest.mark.parametrize("kind", list(READERS))
def test_a_stable_weight_is_taken_and_every_trouble_is_named(kind: str) -> None:
    with SimulatedScale(kind, grams=735) as device:
        scale = SerialScale(device.url, within_s=1.5)
        assert scale.state() == "unasked"
        assert scale.weigh() == 735
        assert scale.state() == "ready"
        device.grams = 12_005
        assert scale.weigh() == 12_005
        device.grams = 0
        assert why(scale) == "scale_empty"
        device.grams, device.moving = 500, True
        assert why(scale) == "scale_unsteady"
        device.moving, device.overload = False, True
        assert why(scale) == "scale_overload"
        device.overload, device.garbled = False, True
        assert why(scale) in {"scale_garbled", "scale_silent"}
        device.garbled, device.mute = False, True
        assert why(scale) == "scale_silent"
        assert scale.state() == "silent"
    assert why(SerialScale("sics:///dev/nothing-there")) == "scale_unreachable"


@pytest.mark.parametrize("kind", list(READERS))
@given(st.binary(max_size=60))
def test_no_noise_is_a_weight_of_nothing_or_less(kind: str, noise: bytes) -> None:
    reading = READERS[kind][1](noise)
    assert isinstance(reading, str) or reading > 0


@pytest.mark.parametrize(
    ("said", "reading"),
    [
        (b"S S      0.735 kg\r\n", 735), (b"S S  735 g\r\n", 735), (b"S S 0.7354 kg\r\n", 735),
        (b"S S -0.1 kg\r\n", "empty"),
        (b"S S 1.2 lb\r\n", "garbled"), (b"S I\r\n", "unsteady"), (b"ES\r\n", "garbled"), (b"S S 0.7", ""),
    ],
)  # fmt: skip
def test_lines_of_sics(said: bytes, reading: int | str) -> None:
    assert read_sics(said) == reading


@pytest.mark.parametrize(
    ("said", "reading"),
    [
        (b"ST,GS,+0000.735kg\r\n", 735), (b"ST,NT,  1.200 kg\r\n", 1200), (b"ST,+00100.0  g\r\n", 100),
        (b"US,GS,+0000.735kg\r\n", "unsteady"), (b"OL,GS,+9999.999kg\r\n", "overload"),
        (b"ST,GS,-0000.100kg\r\n", "empty"), (b"hello\r\n", "garbled"), (b"ST,GS,+0000", ""),
    ],
)  # fmt: skip
def test_lines_of_weighing_heads(said: bytes, reading: int | str) -> None:
    assert read_ad(said) == reading


def test_frames_without_end_are_found_wherever_one_begins_to_listen() -> None:
    frame = SimulatedScale("toledo", 735).says()
    assert read_toledo(frame[5:] + frame + frame[:4]) == 735
    assert read_toledo(frame[:10]) == ""


def test_no_scale_weighs_nothing() -> None:
    assert (NoScale().present, NoScale().state()) == (False, "none")
    with pytest.raises(Refused):
        NoScale().weigh()
