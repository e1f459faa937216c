"""The arrows between the rooms are contracts in pyproject.toml; these tests run them
and break one on purpose to see it found.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts of `root/pyproject.toml` on `root/src`, without the cache."""
    code = "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())"
    return subprocess.run(
        [sys.executable, "-c", code, "--config", "pyproject.toml", "--no-cache"],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_arrow_between_the_rooms_is_kept() -> None:
    outcome = lint_imports(PROJECT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_an_arrow_that_points_up_is_found(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__", "*.mo")
    shutil.copytree(PROJECT / "src", tmp_path / "src", ignore=ignore)
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    (tmp_path / "src/huiyuan/screens/shortcut.py").write_text("import huiyuan.repositories\n")
    outcome = lint_imports(tmp_path)
    assert outcome.returncode != 0
    assert "screens import neither repositories nor devices BROKEN" in outcome.stdout
