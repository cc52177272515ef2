"""The folder of a run's report: JSON for machines, Markdown and HTML for people, JUnit for a pipeline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qa.private import make_private_folder, write_private

from .html import render_html
from .junit import render_junit
from .markdown import render_markdown
from .run_report import report_to_json

if TYPE_CHECKING:
    from pathlib import Path

    from .run_report import RunReport

FILES = ("report.json", "report.md", "report.html", "junit.xml")


def write_report(report: RunReport, folder: Path) -> tuple[Path, ...]:
    """Write all forms of a report into a folder and return their paths; the report is masked already."""
    make_private_folder(folder)
    texts = (
        json.dumps(report_to_json(report), indent=2, ensure_ascii=False) + "\n",
        render_markdown(report),
        render_html(report),
        render_junit(report),
    )
    paths = tuple(folder / name for name in FILES)
    for path, text in zip(paths, texts, strict=True):
        write_private(path, text)
    return paths
