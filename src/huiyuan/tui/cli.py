"""The command line: `huiyuan SUBCOMMAND`, found by name in `tui.subcommands`.

Always true: `--help` and `--version` load neither textual nor a database library; an error is one sentence
on standard error and exit code 2, never a traceback.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from huiyuan import __version__


def say(sentence: str) -> None:
    """Write one line to standard output: the only output of the command line besides errors."""
    sys.stdout.write(sentence + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one sub-command and return its exit code (0 done, 1 found something wrong, 2 could not)."""
    parser = argparse.ArgumentParser(prog="huiyuan")
    parser.add_argument("--version", action="version", version=f"huiyuan {__version__}")
    parser.parse_args(arguments)
    parser.print_help()
    return 2
