"""Where files of this installation lie.

As root /var/lib/huiyuan, because `nobody`, who runs the embedded server then, reaches no folder of root's
home; otherwise the user's own data folder. HUIYUAN_HOME overrides both.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

ROOT_HOME = Path("/var/lib/huiyuan")


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders under one home. Nothing is created by naming it."""

    home: Path

    @property
    def postgres(self) -> Path:
        """Folder of the embedded server: its data, its socket, its log."""
        return self.home / "postgres"

    @property
    def counter(self) -> Path:
        """One folder a seat below it: its journal, its login's proof, its index key."""
        return self.home / "counter"

    @property
    def keys(self) -> Path:
        """Folder of the chain's keys, where it was set up: they are in no backup of the database."""
        return self.home / "keys"

    @property
    def log_file(self) -> Path:
        return self.home / "log" / "huiyuan.log"


def find_paths(home: Path | None) -> Paths:
    """The folders of this installation; `home` is the override, relative ones from the working directory."""
    if home is not None:
        return Paths(Path(os.path.abspath(home.expanduser())))  # noqa: PTH100  (resolve() would follow links)
    if os.geteuid() == 0:
        return Paths(ROOT_HOME)
    import platformdirs  # loaded only where it decides something

    return Paths(Path(platformdirs.user_data_dir("huiyuan", appauthor=False)))


def make_home(paths: Paths) -> None:
    """Create the home folder and the private ones below it where they are missing.

    A folder that exists keeps its owner and mode: it may be somebody else's arrangement. As root the new home
    is passable (0711), so that `nobody` reaches the server's folder and nothing beside it.

    Raises:
        OSError: The folder cannot be made.
    """
    if not paths.home.is_dir():
        paths.home.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)
    for private in (paths.counter, paths.log_file.parent):
        private.mkdir(mode=0o700, exist_ok=True)
