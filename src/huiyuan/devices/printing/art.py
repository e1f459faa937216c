"""What one printer draws as dots: found and loaded at the first job that needs it, then kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from huiyuan.devices.printing.encoder import Draw, Drawn
from huiyuan.devices.printing.profile import PrinterProfile

if TYPE_CHECKING:
    from huiyuan.devices.printing.drawn_lines import LineArtist


class Art:
    """Nothing of Pillow is in memory before a profile draws or has a logo."""

    def __init__(self) -> None:
        self._artist: LineArtist | None = None
        self._sought = False
        self._logos: dict[tuple[str, int], bytes] = {}

    @property
    def font(self) -> str:
        """The name of the font in use; empty before one was needed, and where none was found."""
        return self._artist.name if self._artist else ""

    def drawn(self, profile: PrinterProfile, *, sign: bool = False) -> Drawn:
        """What `profile` wants to have drawn; with its logo where `sign`."""
        line = self._drawer(profile.font) if profile.draws else None
        logo = self._logo(profile) if sign and profile.logo else b""
        artist = self._artist
        return Drawn(line, logo, artist.missing) if line and artist else Drawn(line, logo)

    def _drawer(self, font: str) -> Draw | None:
        if not self._sought:
            from huiyuan.devices.printing.drawn_lines import find_artist

            self._artist, self._sought = find_artist(font), True
        artist = self._artist
        return None if artist is None else lambda text, columns, tall: artist.line(text, columns, tall=tall)

    def _logo(self, profile: PrinterProfile) -> bytes:
        key = (profile.logo, profile.columns)
        if key not in self._logos:
            from huiyuan.devices.printing.drawn_lines import logo

            self._logos[key] = logo(Path(profile.logo), profile.columns)
        return self._logos[key]
