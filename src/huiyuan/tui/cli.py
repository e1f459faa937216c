"""The command line: `huiyuan SUBCOMMAND`, found by name in `tui.subcommands`.

Always true: `--help` and `--version` load neither textual nor a database library; an error is one sentence
on standard error and exit code 2, never a traceback (the log has it).
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import NoReturn, TextIO

from huiyuan import __version__
from huiyuan.config.i18n import Translator, choose_language, msg, translate
from huiyuan.tui import subcommands
from huiyuan.tui.arguments import add_shared, shared_by_actions
from huiyuan.tui.context import CommandContext, CommandRefused, complain

REFUSED = 2
INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    """A parser whose complaint is one sentence in the chosen language."""

    tr: Translator = staticmethod(lambda text: text)

    def error(self, message: str) -> NoReturn:
        complain(
            self.tr(msg("Not understood: {detail}. See: {program} --help")).format(
                detail=message, program=self.prog
            )
        )
        raise SystemExit(REFUSED)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sub-command and return its exit code (0 done, 1 found something wrong, 2 could not)."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a locale that lacks a character must not end the program
    lang = choose_language(_asked_language(words), os.environ.get("HUIYUAN_LANG"))
    tr = translate(lang)
    parser, modules = build_parser(tr, only=_named_subcommand(words))
    parsed = parser.parse_args(words)
    if parsed.subcommand is None:
        parser.print_help()
        return REFUSED
    context = CommandContext(lang=lang, tr=tr, database=parsed.database)
    code = _run(modules[parsed.subcommand], context, parsed)
    for stream in (sys.stdout, sys.stderr):
        _let_go(stream)
    return code


def _let_go(stream: TextIO) -> None:
    """What a closed pipe or a terminal that hung up did not take goes nowhere; the interpreter would end with
    120 over it."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(module: ModuleType, context: CommandContext, parsed: argparse.Namespace) -> int:
    try:
        return int(module.run(context, parsed))
    except CommandRefused as refused:
        complain(refused.sentence)
        return REFUSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        return REFUSED
    except Exception as error:  # the last wall before a traceback on a person's screen
        import logging

        from huiyuan.tui.sentences import sentence_for

        logging.getLogger(__name__).exception("huiyuan %s failed", parsed.subcommand)
        complain(sentence_for(error, context))
        return REFUSED


def build_parser(
    tr: Translator, *, only: str | None = None
) -> tuple[argparse.ArgumentParser, dict[str, ModuleType]]:
    """The parser of all sub-commands, and the module of each by its name on the command line.

    Args:
        only: The one that was named, so that no other is loaded.
    """
    shared = shared_by_actions(tr, _Parser)
    _Parser.tr = staticmethod(tr)
    parser = _Parser(prog="huiyuan", description=tr(msg("Membership counters for chains of shops.")))
    parser.add_argument("--version", action="version", version=f"huiyuan {__version__}")
    add_shared(parser, tr)
    parser.set_defaults(database=None, lang=None)
    choices = parser.add_subparsers(dest="subcommand", metavar=tr(msg("SUBCOMMAND")), parser_class=_Parser)
    modules: dict[str, ModuleType] = {}
    for name, found in _subcommands().items():
        if only not in {None, name}:
            continue
        module = importlib.import_module(f"{subcommands.__name__}.{found}")
        modules[name] = module
        summary = tr(module.HELP)
        module.add_arguments(
            choices.add_parser(name, help=summary, description=summary, parents=[shared]), tr
        )
    return parser, modules


def _subcommands() -> dict[str, str]:
    """Names on the command line and their modules' names; `import` is a word of Python."""
    found = sorted(each.stem for each in Path(subcommands.__path__[0]).glob("[a-z]*.py"))
    return {name.rstrip("_").replace("_", "-"): name for name in found}


def _named_subcommand(words: Sequence[str]) -> str | None:
    """The sub-command that `words` name, or None: then all of them are told of."""
    shared = ("--lang", "--database")
    for before, word in zip(("", *words), words, strict=False):
        if not word.startswith("-") and before not in shared:
            return word if word in _subcommands() else None
        if word.startswith("-") and word.partition("=")[0] not in shared:
            return None
    return None


def _asked_language(words: Sequence[str]) -> str | None:
    """The language asked for, needed before the parser can speak it."""
    for number, word in enumerate(words):
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if word == "--lang" and number + 1 < len(words):
            return words[number + 1]
    return None
