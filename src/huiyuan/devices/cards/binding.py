"""Which library speaks to the card service here, and whether that service can be there at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from huiyuan.devices.cards.ctypes_binding import CtypesPcsc
from huiyuan.devices.cards.pcsc import NoPcscLibrary, Pcsc
from huiyuan.devices.cards.pyscard_binding import PyscardPcsc

SOCKET_VARIABLE: Final = "PCSCLITE_CSOCK_NAME"
"""Names the service's socket; over ssh the forwarded one."""

SOCKET: Final = "/run/pcscd/pcscd.comm"
SEIZING_MODULE: Final = "/sys/module/pn533_usb"


def service_socket() -> Path:
    """Where the service listens, if it runs."""
    return Path(os.environ.get(SOCKET_VARIABLE) or SOCKET)


def service_there() -> bool:
    """Whether something may listen: asked instead of the service while there is none."""
    return service_socket().exists()


def service_forwarded() -> bool:
    """The service is not this machine's own."""
    return service_socket() != Path(SOCKET)


def kernel_seized() -> bool:
    """The kernel's own driver for this family of readers is loaded; then the service sees no reader."""
    return Path(SEIZING_MODULE).exists()


def load_binding() -> Pcsc:
    """pyscard where it is installed, else the system's library.

    Raises:
        NoPcscLibrary: There is neither.
    """
    try:
        return PyscardPcsc()
    except NoPcscLibrary:
        return CtypesPcsc()
