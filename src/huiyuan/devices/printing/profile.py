"""What a counter's printer is like, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import parse_qs, unquote, urlsplit

Encoding = Literal["gb18030", "gbk", "gb2312", "utf-8", "raster"]
Drawer = Literal["none", "realtime", "queued"]
Rare = Literal["replace", "raster"]
Code = Literal["native", "raster", "none"]

Sensor = Literal["none", "high", "low"]

NETWORK_PORT: Final = 9100
BAUD: Final = 9600


@dataclass(frozen=True, slots=True)
class PrinterProfile:
    """One printer. `url` is `tcp://HOST:9100`, `file:///dev/usb/lp0`, `serial:///dev/ttyS0?baud=9600`,
    `unix:///tmp/NAME` (a printer that ssh forwards) or `terminal:///dev/tty` (media copy: what stands between
    two sequences is printed by the terminal itself, which PuTTY does and tmux does not).

    `answers`: it answers status questions, so that a slip can be confirmed. `drawer`: none, `realtime`
    (DLE DC4, at once or never, also without paper) or `queued` (ESC p, for printers that do not know the
    other). `sensor`: at which level of its pin the drawer is open, none where no switch is wired. `code`:
    who draws a QR code: the printer (`native`), we (`raster`), or nobody.
    `rare`: what becomes of a line with a character that `encoding` has not: a question mark in its place, or
    the line as dots. `font` and `logo`: files; empty: one of the system's fonts, no logo.
    """

    url: str
    columns: int
    encoding: Encoding = "gb18030"
    answers: bool = True
    cuts: bool = True
    drawer: Drawer = "none"
    sensor: Sensor = "none"
    code: Code = "native"
    rare: Rare = "replace"
    font: str = ""
    logo: str = ""

    @property
    def draws(self) -> bool:
        """Whether lines may be drawn as dots."""
        return self.encoding == "raster" or self.rare == "raster"

    @property
    def host(self) -> str:
        """Where a network printer is. Raises ValueError if `url` names none."""
        host = urlsplit(self.url).hostname
        if not host:
            raise ValueError("a network printer has a host: tcp://HOST:9100")
        return host

    @property
    def port(self) -> int:
        """9100 unless told otherwise. Raises ValueError."""
        return urlsplit(self.url).port or NETWORK_PORT

    @property
    def path(self) -> str:
        """The device file or file. Raises ValueError if `url` names none."""
        path = unquote(urlsplit(self.url).path)
        if not path:
            raise ValueError("a file has a path: file:///dev/usb/lp0")
        return path

    @property
    def baud(self) -> int | None:
        """The speed of a serial line, None for any other way. Raises ValueError."""
        parts = urlsplit(self.url)
        if parts.scheme != "serial":
            return None
        return int(parse_qs(parts.query).get("baud", [str(BAUD)])[0])

    @property
    def scheme(self) -> str:
        """tcp, file, serial, unix or terminal."""
        return urlsplit(self.url).scheme

    @property
    def is_network(self) -> bool:
        return urlsplit(self.url).scheme == "tcp"
