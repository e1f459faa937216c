"""Pictures of slips, drawn by the strict reader from the bytes: `python -m tests.devices.pictures FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from huiyuan.devices.printing.encoder import encode_slip
from tests.devices.paper_view import PaperView
from tests.domain.slips import every_slip

SHOWN = {"slip-zh_CN": ("zh_CN", 32, "sale")}


def main(folder: Path) -> None:
    """One picture a slip, into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (language, columns, kind) in SHOWN.items():
        job = encode_slip(every_slip(language, columns)[kind], "gb18030", cuts=True)
        (folder / f"{name}.svg").write_text(PaperView(columns).feed(job).svg(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
