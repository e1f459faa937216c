"""Settings of this installation, one small model a subject, read from the environment.

Every variable begins with HUIYUAN_. The command line outranks the environment. Read by tui only; the other
rooms are handed plain values. A secret never shows in a repr.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from re import fullmatch
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class SettingRefused(Exception):
    """An environment variable holds what it cannot hold; `variable` names it, `problem` is English detail."""

    def __init__(self, variable: str, problem: str) -> None:
        super().__init__(variable, problem)
        self.variable = variable
        self.problem = problem


class _Subject(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="HUIYUAN_", extra="ignore", frozen=True, env_ignore_empty=True
    )


class Database(_Subject):
    """Which PostgreSQL this counter speaks to."""

    database_url: SecretStr | None = None
    """HUIYUAN_DATABASE_URL: a libpq URL. None: the embedded server, because one machine needs no set-up."""

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://")
        return value


class Home(_Subject):
    """Where this installation keeps its files."""

    home: Path | None = None
    """HUIYUAN_HOME: a folder. None: /var/lib/huiyuan for root, the user's data folder otherwise."""


class Language(_Subject):
    """In which language it speaks."""

    lang: str | None = None
    """HUIYUAN_LANG: zh_CN or en. None: what LANG says, because the machine was set up for its people."""


class Terminal(_Subject):
    """Which seat this process takes."""

    terminal: str | None = None
    """HUIYUAN_TERMINAL: the code of an enrolled seat. None: the first free seat of this host."""


class Look(_Subject):
    """How the screens look."""

    theme: Literal["dark", "light", "contrast", "plain"] | None = None
    """HUIYUAN_THEME: dark, light, contrast (for tired eyes and bad screens) or plain (no colour tells
    anything). None: what was chosen here before; else plain where the terminal has no colours, and dark,
    because most counters stand under lamps and old terminals are dark."""

    driver: Literal["cells", "stock"] = "cells"
    """HUIYUAN_DRIVER: cells, because a slow line carries only what changed; stock, where a terminal shows
    something wrong with it."""


class Printer(_Subject):
    """The receipt printer of this counter. The seat's own file says it; the environment outranks that."""

    printer: str | None = None
    """HUIYUAN_PRINTER: tcp://HOST:9100, file:///dev/usb/lp0, serial:///dev/ttyS0?baud=9600, unix:///PATH (as
    ssh forwards it), terminal:///dev/tty (PuTTY's own printer), or none (slips on the screen only). None:
    text files, because a counter without a printer still has to keep its slips."""

    printer_columns: int = Field(default=32, ge=24, le=64)
    """HUIYUAN_PRINTER_COLUMNS: 32 for 58 mm paper, the paper of most counters; 48 or 42 for 80 mm."""

    printer_encoding: Literal["gb18030", "gbk", "gb2312", "utf-8", "raster"] = "gb18030"
    """HUIYUAN_PRINTER_ENCODING: gb18030, because printers sold in China start in it; raster draws every line
    as dots, for a printer without Chinese characters."""

    printer_rare: Literal["replace", "raster"] = "replace"
    """HUIYUAN_PRINTER_RARE: a line with a character that the encoding has not: replace (a question mark),
    because not every printer takes pictures; raster draws that line."""

    printer_font: str = Field(default="", max_length=200)
    """HUIYUAN_PRINTER_FONT: a font file for drawn lines; empty, because the system's is found."""

    printer_logo: str = Field(default="", max_length=200)
    """HUIYUAN_PRINTER_LOGO: a picture (PNG) above every slip, in black and white; empty: none."""

    printer_answers: bool = True
    """HUIYUAN_PRINTER_ANSWERS: off for a printer that answers no status question; its slips are never
    confirmed then. On, because only an answer proves a slip."""

    printer_cuts: bool = True
    """HUIYUAN_PRINTER_CUTS: off where no cutter is; on, because without one it does nothing."""

    printer_drawer: Literal["none", "realtime", "queued"] = "none"
    """HUIYUAN_PRINTER_DRAWER: the cash drawer at the printer; none, because a drawer must not open by
    surprise. realtime opens at once or never; queued is for printers that do not know that."""

    printer_sensor: Literal["none", "high", "low"] = "none"
    """HUIYUAN_PRINTER_SENSOR: at which level of its pin the drawer is open; none, because many drawers have
    no switch, and which level means open differs."""

    printer_code: Literal["native", "raster", "none"] = "native"
    """HUIYUAN_PRINTER_CODE: who draws a QR code: native, because most printers can; raster, for one that
    prints letters instead; none leaves it out."""

    display: str | None = None
    """HUIYUAN_DISPLAY: the customer display, led8n:///dev/ttyUSB1?baud=2400 or vfd:///dev/ttyS1?baud=9600.
    None: there is none."""

    device_check_s: int = Field(default=180, ge=10, le=86_400)
    """HUIYUAN_DEVICE_CHECK_S: how often the devices are looked at while nothing is printed; 180 seconds, so
    that an open cover is known before the next sale. Each look is a line in the seat's device log."""

    scale: str | None = None
    """HUIYUAN_SCALE: a serial scale, sics:///dev/ttyS2?baud=9600, ad:// or toledo:// by how it speaks. None:
    weights are typed, or stand on labels."""

    printer_language: Literal["zh_CN", "en"] | None = None
    """HUIYUAN_PRINTER_LANGUAGE: of the slips. None: the language of the screen."""

    @field_validator("scale")
    @classmethod
    def _is_scale(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        well = parts.scheme in {"sics", "ad", "toledo"} and parts.path
        if value is not None and not (well and fullmatch(r"(baud=\d{3,6})?", parts.query)):
            raise ValueError("must be sics:///dev/ttyS2?baud=9600, ad://... or toledo://...")
        return value

    @field_validator("display")
    @classmethod
    def _is_display(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is not None and not (parts.scheme in {"led8n", "vfd"} and parts.path):
            raise ValueError("must be led8n:///dev/ttyUSB1?baud=2400 or vfd:///dev/ttyS1?baud=9600")
        return value

    @field_validator("printer")
    @classmethod
    def _is_reachable(cls, value: str | None) -> str | None:
        if value in {None, "none"}:
            return value
        parts = urlsplit(value)
        network = parts.scheme == "tcp" and parts.hostname and (parts.port is None or parts.port > 0)
        serial = parts.scheme == "serial" and parts.path and fullmatch(r"(baud=\d{3,7})?", parts.query)
        place = parts.scheme in {"file", "unix", "terminal"} and parts.path
        if not network and not serial and not place:
            raise ValueError(
                "must be tcp://HOST:9100, file:///dev/usb/lp0, serial:///dev/ttyS0, unix:///PATH,"
                " terminal:///dev/tty or none"
            )
        return value


class Reader(_Subject):
    """The card reader of this counter."""

    card_reader: str = "auto"
    """HUIYUAN_CARD_READER: auto, a part of the reader's name where there are several, or none. auto, because
    nothing runs and nothing is loaded while no card service (pcscd) listens."""

    card_formats: str = "ndef,uid"
    """HUIYUAN_CARD_FORMATS: what is read from a card, likeliest first: ndef (a text record on an NTAG),
    classic:BLOCK (MIFARE Classic), uid. ndef,uid, because both need no key."""

    card_key: SecretStr = SecretStr("FFFFFFFFFFFF")
    """HUIYUAN_CARD_KEY: key A of the sector that classic reads, twelve hex digits; the factory's, because
    a key on every counter is no secret and a number on a card is no proof."""

    card_beep: bool = True
    """HUIYUAN_CARD_BEEP: off for a silent reader; on, because customers wait for the beep."""

    @field_validator("card_key")
    @classmethod
    def _is_key(cls, value: SecretStr) -> SecretStr:
        if not re.fullmatch("[0-9A-Fa-f]{12}", value.get_secret_value()):
            raise ValueError("must be twelve hex digits")
        return value

    @field_validator("card_formats")
    @classmethod
    def _are_formats(cls, value: str) -> str:
        for part in value.split(","):
            known = re.fullmatch(r"\s*(ndef|uid|classic(:([0-9]{1,2}))?)\s*", part)
            block = int(known[3]) if known and known[3] else 4
            if not known or not 0 < block < 64 or block % 4 == 3:
                raise ValueError("must list ndef, uid or classic:BLOCK (1 to 62, not the last of a sector)")
        return value


class Scanner(_Subject):
    """Scanners. One that types as a keyboard needs no setting."""

    scanner: str = "keyboard"
    """HUIYUAN_SCANNER: keyboard, serial:/dev/ttyACM0[:BAUD] or input:/dev/input/by-id/NAME. keyboard, because
    it works everywhere, also over ssh; serial is the one that no input method can spoil."""

    scanner_prefix: str = Field(default="", max_length=16)
    """HUIYUAN_SCANNER_PREFIX: what the scanner was told to send before each code: up to four characters, or
    for a keyboard scanner one key such as <f12> or <ctrl+b>; empty, because few are told to."""

    scanner_suffix: Literal["enter", "tab"] = "enter"
    """HUIYUAN_SCANNER_SUFFIX: the key that a keyboard scanner sends behind each code; enter, because nearly
    all do."""

    scanner_shortest: int = Field(default=8, ge=4, le=20)
    """HUIYUAN_SCANNER_SHORTEST: so many characters at a scanner's pace are a code where none may go (PIN,
    amount, quantity); 8, because a slow line delivers a typed PIN in one piece. A prefix needs no pace."""

    scanner_repeat_ms: int = Field(default=0, ge=0, le=5000)
    """HUIYUAN_SCANNER_REPEAT_MS: the same code within so many milliseconds is one scan; 0, because two of the
    same goods are scanned fast by people who are good at it."""

    scanner_gap_ms: int = Field(default=25, ge=10, le=200)
    """HUIYUAN_SCANNER_GAP_MS: keys this close to each other are no fingers; 25, slower than any scanner that
    is plugged in here and faster than any hand. More over a line that stutters."""

    @field_validator("scanner_prefix")
    @classmethod
    def _is_prefix(cls, value: str) -> str:
        if not re.fullmatch(r"[!-~]{0,4}|<(f[0-9]{1,2}|ctrl\+[a-z])>", value):
            raise ValueError("must be up to four characters, or a key such as <f12> or <ctrl+b>")
        return value

    @field_validator("scanner")
    @classmethod
    def _is_scanner(cls, value: str) -> str:
        if value != "keyboard" and not re.fullmatch(
            r"(serial:/[^:]+(:(1200|2400|4800|9600|19200|38400|57600|115200))?|input:/[^:]+.*)", value
        ):
            raise ValueError("must be keyboard, serial:/dev/ttyACM0[:BAUD] or input:/dev/input/...")
        return value


class Gateway(_Subject):
    """The payment gateway that takes money by the code on a customer's phone."""

    gateway_url: str | None = None
    """HUIYUAN_GATEWAY_URL: http(s)://HOST[/PATH] of what speaks the gateway's protocol. None: phones pay by a
    reference that somebody types, because a shop without an acquirer can still sell."""

    gateway_merchant: str = Field(default="", max_length=64)
    """HUIYUAN_GATEWAY_MERCHANT: who this shop is there; empty, because nobody is until the acquirer says."""

    gateway_key: SecretStr = SecretStr("")
    """HUIYUAN_GATEWAY_KEY: what requests and answers are signed with; empty is refused with a URL."""

    gateway_answer_s: int = Field(default=10, ge=1, le=60)
    """HUIYUAN_GATEWAY_ANSWER_S: seconds to wait for an answer before asking what became of it; 10, because
    a customer who types a password takes longer anyway and is asked about again."""

    @field_validator("gateway_url")
    @classmethod
    def _is_http(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        if value is not None and not (parts.scheme in {"http", "https"} and parts.hostname):
            raise ValueError("must be http:// or https:// with a host")
        return value.rstrip("/") if value else value


class Messages(_Subject):
    """Where slips go that members have sent to their telephones."""

    message_url: str | None = None
    """HUIYUAN_MESSAGE_URL: http(s)://HOST[/PATH] of what speaks the protocol, or file:///FOLDER for a program
    of the shop's. None: this counter sends nothing, and what is wanted waits for one that does."""

    message_sender: str = Field(default="", max_length=64)
    """HUIYUAN_MESSAGE_SENDER: who this shop is there; empty, because nobody is until the provider says."""

    message_key: SecretStr = SecretStr("")
    """HUIYUAN_MESSAGE_KEY: what requests and answers are signed with; empty is refused with http."""

    message_answer_s: int = Field(default=10, ge=1, le=60)
    """HUIYUAN_MESSAGE_ANSWER_S: seconds to wait for an answer before asking what became of it; 10, because
    nobody waits for it."""

    @field_validator("message_url")
    @classmethod
    def _is_known(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "")
        web = parts.scheme in {"http", "https"} and parts.hostname
        if value is not None and not web and not (parts.scheme == "file" and len(parts.path) > 1):
            raise ValueError("must be http:// or https:// with a host, or file:///FOLDER")
        return value.rstrip("/") if value else value


@dataclass(frozen=True, slots=True)
class Settings:
    """All subjects, as one value for the wiring."""

    database: Database
    home: Home
    language: Language
    terminal: Terminal
    look: Look
    printer: Printer
    reader: Reader
    scanner: Scanner
    gateway: Gateway
    messages: Messages


def read_settings() -> Settings:
    """Read every subject from the environment.

    Raises:
        SettingRefused: A variable does not hold what it should.
    """
    try:
        return Settings(
            database=Database(),
            home=Home(),
            language=Language(),
            terminal=Terminal(),
            look=Look(),
            printer=Printer(),
            reader=Reader(),
            scanner=Scanner(),
            gateway=Gateway(),
            messages=Messages(),
        )
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        variable = "HUIYUAN_" + str(first["loc"][0]).upper()
        raise SettingRefused(variable, first["msg"]) from None
