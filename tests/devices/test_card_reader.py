"""Card readers on the system's real card service with a virtual reader: what comes, and what is survived."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from huiyuan.devices.cards import binding
from huiyuan.devices.cards.ctypes_binding import CtypesPcsc
from huiyuan.devices.cards.formats import formats_of
from huiyuan.devices.cards.pcsc import NoPcscLibrary, Pcsc, PcscFault
from huiyuan.devices.cards.pyscard_binding import PyscardPcsc
from huiyuan.devices.cards.watcher import CardWatcher
from huiyuan.domain.model.device import Condition, DeviceState
from huiyuan.domain.model.errors import Refused
from huiyuan.domain.model.presented import PresentedCard
from huiyuan.tui.cli import main
from tests.devices.card_service import CardService, what_is_missing
from tests.devices.virtual_card import Card, Classic, Ntag, OnReader

pytestmark = pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing() or "-")
ALL = "ndef,classic:5,uid"
SOON_S = 8


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CardService]:
    """One for all: a process remembers the socket's name from its first question."""
    made = CardService(tmp_path_factory.mktemp("pcscd"))
    os.environ[binding.SOCKET_VARIABLE] = str(made.socket)
    made.start()
    yield made
    made.stop()


def until(done: Callable[[], object], within_s: float = SOON_S) -> None:
    deadline = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.005)


class Heard:
    """A watcher and what it told."""

    def __init__(self, load: Callable[[], Pcsc] = CtypesPcsc, *, deadline_s: float = 3.0) -> None:
        self.watcher = CardWatcher(formats_of(ALL), load=load, deadline_s=deadline_s)
        self.cards: list[PresentedCard] = []
        self.states: list[DeviceState] = []
        self.watcher.watch(self.cards.append, self.states.append)

    def __enter__(self) -> Heard:
        self.watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(AssertionError):  # the virtual reader looks each 0.4 s only
            until(lambda: not self.watcher.state().occupied, 2)
        self.watcher.stop()
        assert not self.watcher._thread.is_alive()

    def stands(self, condition: Condition) -> None:
        until(lambda: self.watcher.state().condition is condition)

    def told(self, count: int) -> PresentedCard:
        until(lambda: len(self.cards) >= count)
        assert len(self.cards) == count
        return self.cards[-1]


def no_pyscard() -> str:
    """Why the tests of the compiled binding are left out; empty if they are not."""
    try:
        PyscardPcsc()
    except NoPcscLibrary:
        return "pyscard is not installed (make nfc builds it)"
    return ""


PYSCARD = pytest.param(
    PyscardPcsc, marks=pytest.mark.skipif(bool(no_pyscard()), reason=no_pyscard() or "-"), id="pyscard"
)


@pytest.fixture(params=[pytest.param(CtypesPcsc, id="ctypes"), PYSCARD])
def heard(request: pytest.FixtureRequest, service: CardService) -> Iterator[Heard]:
    if service.process is None:
        service.start()
    with Heard(request.param) as made:
        made.stands(Condition.READY)
        assert made.watcher.state().driver == request.param.name  # the device screen says which
        yield made


@pytest.mark.parametrize(
    ("card", "readings"),
    [
        (Card("04A1B2C3"), (("uid", "04A1B2C3"),)),
        (Ntag(text="会员00017"), (("ndef", "会员00017"), ("number", "会员00017"), ("uid", "04112233445566"))),
        (Ntag(), (("uid", "04112233445566"),)),
        (Classic(), (("uid", "DEADBEEF"),)),
    ],
)
def test_a_card_is_told_once_by_all_it_is_known_by(
    heard: Heard, service: CardService, card: Card, readings: tuple[tuple[str, str], ...]
) -> None:
    with OnReader(card, service.port):
        assert heard.told(1).readings == readings
        until(lambda: heard.watcher.state().occupied)
        assert heard.watcher.read().readings == readings
    until(lambda: not heard.watcher.state().occupied)
    assert len(heard.cards) == 1


@pytest.mark.parametrize(("card", "kind"), [(Ntag(), "ndef"), (Classic(), "number")])
def test_a_number_is_written_read_back_and_known_when_the_card_comes_again(
    heard: Heard, service: CardService, card: Card, kind: str
) -> None:
    with OnReader(card, service.port):
        heard.told(1)
        assert heard.watcher.write("8800012345").number == "8800012345"
    until(lambda: not heard.watcher.state().occupied)
    with OnReader(card, service.port):
        assert heard.told(2).readings[0] == (kind, "8800012345")


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        work()
    return refused.value.code


def test_what_cannot_be_written_is_refused_by_name(heard: Heard, service: CardService) -> None:
    write = heard.watcher.write
    assert refusal(lambda: write("1")) == "no_card_on_reader"
    read_only = Ntag(text="00001")
    read_only.read_only = True
    for n, (card, code) in enumerate(
        [(Card(), "card_not_writable"), (read_only, "card_write_failed"),
         (Classic(key=b"secret"), "card_write_failed")], start=1,
    ):  # fmt: skip
        with OnReader(card, service.port):
            heard.told(n)
            assert refusal(lambda: write("8800012345")) == code
        until(lambda: not heard.watcher.state().occupied)


def test_a_card_pulled_in_the_middle_of_writing_is_unsure_and_the_next_one_is_read(
    heard: Heard, service: CardService
) -> None:
    with OnReader(Ntag(), service.port) as laid:
        heard.told(1)
        laid.pull_after = laid.commands + 3
        assert refusal(lambda: heard.watcher.write("8800012345")) == "card_write_unsure"
    until(lambda: not heard.watcher.state().occupied)
    with OnReader(Card("04A1B2C3"), service.port):
        assert heard.told(2).shown == "04A1B2C3"


def test_a_card_pulled_in_the_middle_of_reading_is_no_card_and_the_next_one_is_read(
    heard: Heard, service: CardService
) -> None:
    with OnReader(Ntag(text="00001"), service.port, pull_after=1) as laid:
        until(lambda: laid.commands)
        time.sleep(0.6)  # the virtual reader looks each 0.4 s
    with OnReader(Card("04A1B2C3"), service.port):
        assert heard.told(1).shown == "04A1B2C3"


def test_two_cards_swapped_are_two_cards(heard: Heard, service: CardService) -> None:
    for n, uid in enumerate(("04A1B2C3", "04A1B2C4"), start=1):
        with OnReader(Card(uid), service.port):
            assert heard.told(n).shown == uid


def threads_and_descriptors() -> tuple[int, int]:
    return threading.active_count(), len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def test_the_service_stopped_absent_and_restarted_again_and_again(service: CardService) -> None:
    survive_restarts(service, CtypesPcsc, 5)


@pytest.mark.soak
def test_fifteen_restarts_leave_no_thread_and_no_descriptor(service: CardService) -> None:
    survive_restarts(service, CtypesPcsc, 15)


@pytest.mark.soak
@pytest.mark.skipif(bool(no_pyscard()), reason=no_pyscard() or "-")
def test_restarts_under_the_compiled_binding(service: CardService) -> None:
    survive_restarts(service, PyscardPcsc, 5)


def survive_restarts(service: CardService, load: Callable[[], Pcsc], times: int) -> None:
    service.stop()
    with Heard(load) as heard:
        heard.stands(Condition.NO_SERVICE)
        service.start()
        heard.stands(Condition.READY)
        before = threads_and_descriptors()
        for _ in range(times):
            service.stop()
            heard.stands(Condition.NO_SERVICE)
            service.start()
            heard.stands(Condition.READY)
        with OnReader(Card("04A1B2C3"), service.port):
            assert heard.told(1).shown == "04A1B2C3"
        assert threads_and_descriptors() == before


def test_the_doctor_says_how_the_reader_stands_and_reads_its_card(
    service: CardService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HUIYUAN_HOME", str(tmp_path))
    monkeypatch.setenv("HUIYUAN_LANG", "zh_CN")
    (tmp_path / "counter" / "till_s01_1").mkdir(parents=True)
    assert main(["doctor", "devices", "--card"]) == 1
    assert "读卡器上没有卡" in capsys.readouterr().out
    with OnReader(Ntag(text="8800012345"), service.port):
        assert main(["doctor", "devices", "--card"]) == 0
    said = capsys.readouterr().out
    for part in ("读卡器", "正常", "******2345", "NTAG"):
        assert part in said, said
    assert "8800012345" not in said


def test_a_reader_unplugged_and_plugged_in_again(service: CardService) -> None:
    with Heard() as heard:
        heard.stands(Condition.READY)
        service.restart(reader=False)
        heard.stands(Condition.ABSENT)
        assert heard.watcher.state().names == ()
        assert refusal(heard.watcher.read) == "no_card_reader"
        service.restart()
        heard.stands(Condition.READY)


def test_a_card_that_another_program_holds_is_read_when_it_lets_go(service: CardService) -> None:
    other = CtypesPcsc()
    with Heard(deadline_s=0.3) as heard:
        heard.stands(Condition.READY)
        with OnReader(Card("04A1B2C3"), service.port):
            heard.told(1)
            context = other.establish()
            link = other.connect(context, heard.watcher.state().names[0])
            assert other._library.SCardBeginTransaction(link.handle) == 0
            for _ in range(3):  # however often it is tried, one thread waits
                assert refusal(heard.watcher.read) == "card_reader_held"
            assert sum(each.name == "card-talk" for each in threading.enumerate()) == 1
            other._library.SCardEndTransaction(link.handle, 0)
            other.disconnect(link)
            other.release(context)
            until(lambda: not heard.watcher._talks.blocked)
            assert heard.watcher.read().shown == "04A1B2C3"


def test_a_slow_card_is_given_up_after_the_deadline_and_read_when_it_answers(service: CardService) -> None:
    with Heard(deadline_s=0.2) as heard:
        heard.stands(Condition.READY)
        with OnReader(Card("04A1B2C3"), service.port, delay_s=0.5) as laid:
            heard.stands(Condition.HELD)
            laid.delay_s = 0
            assert heard.told(1).shown == "04A1B2C3"
            heard.stands(Condition.READY)


def test_a_reader_at_rest_costs_nothing(service: CardService) -> None:
    with Heard() as heard:
        heard.stands(Condition.READY)
        time.sleep(0.1)
        before = time.process_time()
        time.sleep(1.0)
        assert time.process_time() - before < 0.02


def test_a_service_that_refuses_this_user_is_named(tmp_path: Path) -> None:
    class Refusing(CtypesPcsc):
        def establish(self) -> int:
            raise PcscFault(0x8010006A)

    watcher = CardWatcher(formats_of("uid"), load=Refusing, there=tmp_path.exists)
    watcher.start()
    try:
        until(lambda: watcher.state().condition is Condition.NOT_ALLOWED)
    finally:
        watcher.stop()


def test_no_library_of_a_reader_is_loaded_while_no_service_listens(tmp_path: Path) -> None:
    """Nor one of Python's."""
    program = (
        "import sys, time\n"
        "from huiyuan.config.settings import Reader, Scanner\n"
        "from huiyuan.tui.readers import open_readers\n"
        "readers = open_readers(Reader(), Scanner()); readers.start(); time.sleep(0.2)\n"
        "maps = open('/proc/self/maps').read()\n"
        "print(readers.cards.state().condition, 'pcsclite' in maps or 'smartcard' in sys.modules)\n"
        "readers.close()\n"
    )
    environment = {**os.environ, binding.SOCKET_VARIABLE: str(tmp_path / "nobody")}
    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=30
    )
    assert answer.stdout.split() == ["no_service", "False"], answer.stderr
