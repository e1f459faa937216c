"""Arguments that every sub-command takes, before its name, after it, or after its action."""

from __future__ import annotations

import argparse
from typing import TypeVar

from huiyuan.config.i18n import Translator, msg

P = TypeVar("P", bound=argparse.ArgumentParser)


def add_shared(parser: argparse.ArgumentParser, tr: Translator) -> None:
    """`--database` and `--lang`."""
    parser.add_argument(
        "--database", metavar="URL", help=tr(msg("PostgreSQL of the chain, instead of HUIYUAN_DATABASE_URL"))
    )
    parser.add_argument("--lang", metavar="zh_CN|en", help=tr(msg("Language of the screens")))


def shared_by_actions(tr: Translator, kind: type[P]) -> P:
    """A parent for parsers of `kind`: what it does not find leaves what was found before."""
    parent = kind(add_help=False, argument_default=argparse.SUPPRESS)
    add_shared(parent, tr)
    return parent
