"""What a sub-command is given: language, settings, paths, the way to speak; and how it refuses.

Settings are read at first use, so that help and version need none of it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from huiyuan.config.i18n import Translator, msg

if TYPE_CHECKING:
    from huiyuan.config.paths import Paths
    from huiyuan.config.settings import Settings

T = TypeVar("T")


class CommandRefused(Exception):
    """A sub-command could not do what was asked; `sentence` says what stands and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def say(sentence: str) -> None:
    """Write one line to standard output: the only output of the command line besides errors."""
    sys.stdout.write(_plain(sentence) + "\n")
    sys.stdout.flush()


def complain(sentence: str) -> None:
    """Write one line to standard error."""
    sys.stderr.write(_plain(sentence) + "\n")


def _plain(text: str) -> str:
    """Server messages and names come from outside: nothing in them may steer the terminal."""
    from huiyuan.config.logs import one_line

    return one_line(text)


@dataclass(frozen=True)
class CommandContext:
    """One run of one sub-command.

    Attributes:
        lang: zh_CN or en.
        tr: Turns a marked sentence into `lang`.
        database: The URL of --database, or None.
    """

    lang: str
    tr: Translator
    database: str | None

    @cached_property
    def settings(self) -> Settings:
        """The environment's settings.

        Raises:
            CommandRefused: A variable does not hold what it should.
        """
        from huiyuan.config.settings import read_settings

        return self.checked(read_settings)

    def checked(self, read: Callable[[], T]) -> T:
        """What `read` reads or changes of the settings. Raises CommandRefused where one cannot be used."""
        from huiyuan.config.settings import SettingRefused

        try:
            return read()
        except SettingRefused as refused:
            sentence = self.tr(msg("The setting {variable} cannot be used: {problem}."))
            facts = {"variable": refused.variable, "problem": refused.problem}
            raise CommandRefused(sentence.format(**facts)) from None

    @cached_property
    def paths(self) -> Paths:
        from huiyuan.config.glance import home_asked_for
        from huiyuan.config.paths import find_paths

        return find_paths(home_asked_for())

    @cached_property
    def database_url(self) -> str | None:
        """The PostgreSQL asked for, by --database or HUIYUAN_DATABASE_URL; None: the embedded one."""
        if self.database:
            return self.database
        secret = self.settings.database.database_url
        return None if secret is None else secret.get_secret_value()

    def start_logs(self) -> None:
        """Make the home folder and send the log there.

        Raises:
            CommandRefused: The home folder cannot be made.
        """
        from huiyuan.config.logs import set_up_logs
        from huiyuan.config.paths import make_home

        try:
            make_home(self.paths)
        except OSError as error:
            sentence = self.tr(
                msg("The folder {folder} cannot be made ({problem}). Set HUIYUAN_HOME to one that can.")
            )
            raise CommandRefused(sentence.format(folder=self.paths.home, problem=error.strerror)) from None
        set_up_logs(self.paths.log_file)

    def say(self, sentence: str) -> None:
        say(sentence)
