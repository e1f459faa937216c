"""Lines of text and logos as dots: what a printer's own font has not, and the shop's sign.

Always true: a character has the cells that `domain.model.cells` counted for it, so that drawn lines and
printed ones stand in the same columns; Pillow and a font are loaded by the first line that is drawn; where
one of them is missing nothing is drawn, and nothing fails.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from huiyuan.devices.printing.dots import DOTS_A_CELL, paper_bytes, picture
from huiyuan.domain.model.cells import char_cells, cut, plain

LINE_DOTS: Final = 30
BASE_DOTS: Final = 24
FONT_DOTS: Final = 24
LOGO_ROWS_MOST: Final = 240
LOGO_BYTES_MOST: Final = 4_000_000
INK_BELOW: Final = 128
NO_GLYPH: Final = "\U0010ffff"
NOTHING: Final = "？"
FONTS: Final = tuple(
    Path("/usr/share/fonts", each)
    for each in (
        "opentype/noto/NotoSansCJK-Regular.ttc",
        "google-noto-cjk/NotoSansCJK-Regular.ttc",
        "noto-cjk/NotoSansCJK-Regular.ttc",
        "truetype/wqy/wqy-zenhei.ttc",
        "truetype/wqy/wqy-microhei.ttc",
        "truetype/arphic/uming.ttc",
        "truetype/droid/DroidSansFallbackFull.ttf",
        "opentype/unifont/unifont.otf",
        "opentype/unifont/unifont_upper.otf",
        "truetype/dejavu/DejaVuSansMono.ttf",
    )
)
"""Where the packages of the usual systems put a font with Chinese characters; the last ones fill its gaps."""
FROM_RIGHT: Final = frozenset({"R", "AL"})
WANTED_FACES: Final = ("Mono CJK SC", "CJK SC", "")
_log = logging.getLogger(__name__)


class LineArtist:
    """Draws with the first of `fonts` that has the character."""

    def __init__(self, fonts: Sequence[Any], name: str) -> None:
        self._fonts = fonts
        self._blank = [bytes(each.getmask(NO_GLYPH, mode="1")) for each in fonts]
        self._found: dict[str, Any] = {}
        self._joins = _joins_letters()
        self.name = name

    def line(self, text: str, columns: int, *, tall: bool = False) -> bytes:
        """The command that prints `text` on paper of `columns` cells; what is wider is cut."""
        from PIL import Image, ImageDraw

        shown = cut(plain(text), columns)
        paper = Image.new("1", (paper_bytes(columns) * 8, LINE_DOTS), 0)
        canvas = ImageDraw.Draw(paper)
        canvas.fontmode = "1"
        left = 0
        for cluster, wide in _runs(_clusters(shown), joins=self._joins):
            font, drawn = self._inked(cluster)
            middle = left * DOTS_A_CELL + wide * DOTS_A_CELL // 2
            canvas.text((middle, BASE_DOTS), drawn, fill=1, font=font, anchor="ms")
            left += wide
        box = paper.getbbox()
        return b"\n" if box is None else picture(_rows(paper, -(-box[2] // 8)), double_height=tall)

    def has(self, char: str) -> bool:
        """Whether a font has it."""
        return self._font_of(char) is not None

    def missing(self, text: str) -> int:
        """How many characters of `text` no font has."""
        return sum(not self.has(cluster[0]) for cluster, _ in _clusters(plain(text)))

    def _inked(self, cluster: str) -> tuple[Any, str]:
        """The font for what is drawn at once, and what of it that font has."""
        letters = [char for char in cluster if char_cells(char) and char != " "]
        known = [font for font in map(self._font_of, letters) if font is not None]
        if not known:
            return self._fonts[0], NOTHING if letters else cluster
        if len(letters) == 1:
            return known[0], cluster
        font = max(known, key=lambda each: sum(self._has(each, char) for char in letters))
        instead = NOTHING if self._has(font, NOTHING) else "?"
        return font, "".join(
            char if char not in letters or self._has(font, char) else instead for char in cluster
        )

    def _has(self, font: Any, char: str) -> bool:
        blank = self._blank[self._fonts.index(font)]
        return bytes(font.getmask(char, mode="1")) != blank

    def _font_of(self, char: str) -> Any:
        if char not in self._found:
            self._found[char] = next(
                (font for font, blank in zip(self._fonts, self._blank, strict=True)
                 if bytes(font.getmask(char, mode="1")) != blank),
                None,
            )  # fmt: skip
        return self._found[char]


def find_artist(wanted: str = "") -> LineArtist | None:
    """One with the font file `wanted` before those of the system; None without Pillow or without a font."""
    try:
        from PIL import ImageFont
    except ImportError:
        return None
    paths = [each for each in ([Path(wanted)] if wanted else []) + list(FONTS) if each.is_file()]
    fonts, named = [], ""
    for path in paths:
        try:
            fonts.append(_face(ImageFont, path))
        except OSError:
            _log.warning("no font: %s", path.name)
            continue
        named = named or path.stem
    return LineArtist(fonts, named) if fonts else None


def logo(path: Path, columns: int) -> bytes:
    """The picture in `path` in black and white for paper of `columns` cells; nothing where there is none."""
    try:
        from PIL import Image

        if path.stat().st_size > LOGO_BYTES_MOST:
            raise OSError("too big")
        with Image.open(path) as file:
            grey = Image.new("L", file.size, 255)
            seen = file.convert("RGBA")
            grey.paste(seen.convert("L"), mask=seen.getchannel("A"))
    except Exception as error:  # noqa: BLE001  (a file of a shop's own; a slip goes out without it)
        _log.warning("no logo: %s", type(error).__name__)
        return b""
    wide = paper_bytes(columns) * 8
    grey.thumbnail((wide, LOGO_ROWS_MOST))
    paper = Image.new("1", (wide, grey.height), 0)
    ink = grey.point(lambda light: 255 if light < INK_BELOW else 0).convert("1")
    paper.paste(ink, ((wide - grey.width) // 2, 0))
    return picture(_rows(paper, wide // 8))


def _clusters(text: str) -> Iterator[tuple[str, int]]:
    """A character with the marks that belong to it, and its cells."""
    held, wide = "", 0
    for char in text:
        cells = char_cells(char)
        if cells and held:
            yield held, wide
            held, wide = "", 0
        held, wide = held + char, wide + cells
    if held:
        yield held, wide


def _runs(clusters: Iterator[tuple[str, int]], *, joins: bool) -> Iterator[tuple[str, int]]:
    """What is drawn at once, from left to right: of a script that is written from the right, a whole name.

    `joins`: Pillow turns and joins such letters itself; else they stand unjoined, in the order of the eye.
    """
    held: list[tuple[str, int]] = []
    for each in clusters:
        if (held and each[0] == " ") or unicodedata.bidirectional(each[0][0]) in FROM_RIGHT:
            held.append(each)
        else:
            yield from _turned(held, joins=joins)
            held = []
            yield each
    yield from _turned(held, joins=joins)


def _turned(held: Sequence[tuple[str, int]], *, joins: bool) -> Iterator[tuple[str, int]]:
    """Spaces behind the last letter belong to what follows."""
    end = len(held)
    while end and held[end - 1][0] == " ":
        end -= 1
    if joins and end:
        yield "".join(text for text, _ in held[:end]), sum(wide for _, wide in held[:end])
    else:
        yield from reversed(held[:end])
    yield from held[end:]


def _joins_letters() -> bool:
    from PIL import features

    return bool(features.check("raqm"))


def _face(image_font: Any, path: Path) -> Any:
    """Of a collection the face for simplified Chinese with half-wide letters."""
    faces = []
    for index in range(12):
        try:
            faces.append(image_font.truetype(str(path), FONT_DOTS, index=index))
        except OSError:
            break
    if not faces:
        raise OSError(path)
    for part in WANTED_FACES:
        for face in faces:
            if part in face.getname()[0]:
                return face
    return faces[0]


def _rows(paper: Any, wide: int) -> list[bytes]:
    data, whole = paper.tobytes(), paper.width // 8
    return [data[at : at + wide] for at in range(0, len(data), whole)]
