"""What was typed into the one box: decided by its shape, without asking anybody.

Always true: the text is data only. It is folded (NFKC, lower case, no accents, nothing invisible, at most
`LENGTH_MAX` characters), and what leaves here are whole words and digits, never a pattern; so a quote, a
percent sign or a backslash means nothing, and what has no letter and no digit asks nothing.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from huiyuan.domain.model.payment_code import read_payment_code
from huiyuan.domain.model.phone import normal_phone

LENGTH_MAX: Final = 128  # a magnetic stripe is the longest thing that a reader types
WORDS_MAX: Final = 6
LAST_DIGITS: Final = 4

_HAN: Final = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x323AF))
_HAN_ALONE: Final = "\u3007"  # the round zero, which is a name's character too
_WORD: Final = re.compile(r"[^\W_]+")
_APOSTROPHES: Final = str.maketrans("", "", "'’`")
_SEPARATED: Final = re.compile(r"[\s().\-]+")
_RECEIPT: Final = re.compile(r"[A-Z0-9]{1,8}-[0-9]{1,3}-[0-9]{1,12}")
_TRACK_2: Final = re.compile(r"[;+]([0-9]{4,19})((?:=[0-9=]*)?)\?")  # and the third, with its plus
_TRACK_1_PLAIN: Final = re.compile(r"%([0-9A-Za-z-]{4,32})\?")  # as shops write their own cards
_TRACK_1: Final = re.compile(r"%B?([0-9]{4,19})\^[^?]*\?", re.IGNORECASE)
_UID: Final = re.compile(r"[0-9A-F]{8}|[0-9A-F]{14}|[0-9A-F]{20}")
_DIGITS_AT_AN_END: Final = re.compile(r"^(?P<front>[0-9]+)(?P<after>\D+)$|^(?P<before>\D+)(?P<back>[0-9]+)$")
_MEMBER_NUMBER_DIGITS: Final = 6


class Shape(StrEnum):
    """What a text looks like. It says what is asked, not what will be found."""

    NOTHING = "nothing"
    NAME = "name"
    LAST_FOUR = "last_four"
    PHONE = "phone"
    NUMBER = "number"
    MIXED = "mixed"
    SWIPE = "swipe"
    RECEIPT = "receipt"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True)
class Needle:
    """What to look for. Everything that is filled may hit; `MIXED` means that name and digits must both.

    Attributes:
        words: Ways to read the letters; of one way every word must be there. `zhang san` is two words or one.
        phone: The whole number as `normal_phone` writes it, or empty.
        last_four: The last four digits of a phone number, or empty.
        numbers: Member numbers that this may be.
        cards: What a card's token may be: kind and text.
        receipt: A printed receipt number, or empty.
    """

    shape: Shape
    words: tuple[tuple[str, ...], ...] = ()
    phone: str = field(default="", repr=False)
    last_four: str = field(default="", repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    cards: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    receipt: str = ""


NOTHING: Final = Needle(Shape.NOTHING)
PAYMENT: Final = Needle(Shape.PAYMENT)
"""A customer's payment code: nothing of it is looked for, and nothing of it is kept."""


def is_han(char: str) -> bool:
    """True for a Chinese character."""
    return char == _HAN_ALONE or any(first <= ord(char) <= last for first, last in _HAN)


def pairs(run: str) -> list[str]:
    """The pairs of neighbours in a stretch of characters: 张三丰 as 张三, 三丰."""
    return [run[n : n + 2] for n in range(len(run) - 1)]


def visible_part(text: str) -> str:
    """`text` in NFKC, cut to `LENGTH_MAX`, spaces folded, controls and invisible characters gone."""
    kept = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFKC", text[: LENGTH_MAX * 2])
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(kept.split())[:LENGTH_MAX]


def fold(text: str) -> str:
    """`text` as it is compared: visible, lower case, Latin letters without accents."""
    decomposed = unicodedata.normalize("NFKD", visible_part(text).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(unicodedata.normalize("NFC", bare).split())


def last_four(phone: str) -> str:
    """The last four digits of a normal phone number."""
    return phone[-LAST_DIGITS:]


def search_words(text: str) -> tuple[str, ...]:
    """The tokens that all have to be there for `text`: characters in pairs, other words as they are."""
    folded = fold(text).translate(_APOSTROPHES)
    words: list[str] = []
    for word in _WORD.findall(folded):
        words += _pieces(word)
    return tuple(dict.fromkeys(words))[: WORDS_MAX * 2]


def needle(text: str) -> Needle:
    """Decide what `text` is, as far as it has been typed."""
    shown = visible_part(text)
    swiped = _swipe(shown)
    if swiped is not None:
        return swiped
    if read_payment_code(shown) is not None:
        return PAYMENT
    upper = shown.upper()
    if _RECEIPT.fullmatch(upper):
        return Needle(Shape.RECEIPT, receipt=upper, numbers=_numbers(shown), cards=(("number", shown),))
    compact = _SEPARATED.sub("", shown).lstrip("+")
    if compact.isascii() and compact.isdigit():
        return _digits(shown, compact)
    return _letters(shown)


def _swipe(shown: str) -> Needle | None:
    """A reader's stripe: second track as it stands and by its number, or the number of the first."""
    track = _TRACK_2.search(shown)
    number = track or _TRACK_1.search(shown) or _TRACK_1_PLAIN.search(shown)
    if number is None or shown[0] not in ";%+":
        return None
    cards = [("number", number[1]), ("magstripe", number[1])]
    if track is not None and track[2]:
        cards.append(("magstripe", track[1] + track[2]))
    return Needle(Shape.SWIPE, cards=tuple(cards))


def _digits(shown: str, compact: str) -> Needle:
    phone = normal_phone(shown) or ""
    numbers = tuple(dict.fromkeys((shown, compact, compact.zfill(_MEMBER_NUMBER_DIGITS))))
    cards: list[tuple[str, str]] = []
    if len(compact) >= LAST_DIGITS:
        cards = [("number", compact), ("barcode", compact)]
        if _UID.fullmatch(compact):
            cards.append(("uid", compact))
    four = compact if len(compact) == LAST_DIGITS else ""
    shape = Shape.LAST_FOUR if four else Shape.PHONE if phone else Shape.NUMBER
    return Needle(shape, phone=phone, last_four=four, numbers=numbers, cards=tuple(cards))


def _letters(shown: str) -> Needle:
    """A name, with or without the last four or the whole of a phone number at one end."""
    front, digits = _apart(shown)
    words = _ways(front)
    phone = (normal_phone(digits) or "") if len(digits) > LAST_DIGITS else ""
    four = digits if len(digits) == LAST_DIGITS else ""
    plain = any(char.isdigit() for char in shown)
    numbers = _numbers(shown) if plain else ()
    cards: tuple[tuple[str, str], ...] = (("number", shown), ("number", shown.upper())) if plain else ()
    compact = _SEPARATED.sub("", shown).replace(":", "").upper()
    if _UID.fullmatch(compact):
        cards = (*cards, ("uid", compact))
    if phone or four:
        return Needle(Shape.MIXED, words, phone=phone, last_four=four, numbers=numbers, cards=cards)
    if digits and len(digits) > LAST_DIGITS:
        words = _ways(shown)
    return Needle(Shape.NAME, words, numbers=numbers, cards=cards) if words or numbers else NOTHING


def _apart(shown: str) -> tuple[str, str]:
    """Letters, and the digits at their front or back; no digits if they stand in the middle."""
    found = _DIGITS_AT_AN_END.match(shown)
    if found is None:
        return shown, ""
    digits, letters = (found["front"], found["after"]) if found["front"] else (found["back"], found["before"])
    return letters, digits if digits.isascii() else ""


def _numbers(shown: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((shown, shown.upper())))


def _ways(text: str) -> tuple[tuple[str, ...], ...]:
    words = _WORD.findall(fold(text).translate(_APOSTROPHES))[:WORDS_MAX]
    apart = tuple(dict.fromkeys(piece for word in words for piece in _pieces(word)))
    latin = [word for word in words if not any(map(is_han, word))]
    if len(latin) < 2 or len(latin) < len(words):
        return (apart,) if apart else ()
    return (("".join(latin),), apart)


def _pieces(word: str) -> list[str]:
    """Pairs of Chinese characters, a lone one as it is, other letters whole."""
    out: list[str] = []
    run = ""
    for char in [*word, ""]:
        if char and (not run or is_han(char) == is_han(run[0])):
            run += char
            continue
        if run:
            out += (pairs(run) or [run]) if is_han(run[0]) else [run]
        run = char
    return out
