"""The templates of folders: every file that is one, each text once."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_SUFFIXES = {".json", ".yaml", ".yml", ".template"}
_SECTION = re.compile(r'(?<![\w.])["\']?Resources["\']?\s*:')
_TYPE = re.compile(r'(?<![\w.])["\']?Type["\']?\s*:\s*["\']?\w+::?\w+')


def templates(folders: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of each file that looks like a template, sorted, each text once."""
    seen = set()
    for path in sorted(file for folder in folders for file in folder.rglob("*") if file.suffix in _SUFFIXES):
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
        if digest not in seen and _SECTION.search(text) and _TYPE.search(text):
            seen.add(digest)
            yield str(path), text
