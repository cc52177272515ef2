"""The template as the deploy engine needs it: minified text and the digest of its content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.errors import UsageError
from qa.template.errors import TemplateError
from qa.template.json_text import read_json
from qa.template.load import decoded

if TYPE_CHECKING:
    from pathlib import Path

MAX_BODY_BYTES = 51_200
"""Limit of TemplateBody: the CloudFormation quota for a template that is not in S3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFile:
    """A template's source and what is sent of it."""

    path: Path
    body: str
    digest: str
    """SHA-256 of the parsed content: layout and the order of keys do not count."""


def read_template(path: Path) -> TemplateFile:
    """Return a JSON template, minified. Raises UsageError with the place when it cannot be sent."""
    if path.suffix in {".yaml", ".yml"}:
        raise UsageError(f"{path} is YAML; qa deploys JSON templates only. The static checks read both.")
    content = _content(path)
    # the order of keys is kept in what is sent: outputs and events are easier to compare with the file
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    size = len(body.encode("utf-8", "surrogatepass"))
    if size > MAX_BODY_BYTES:
        raise UsageError(
            f"{path} has {size:,} bytes even without white space; CloudFormation takes {MAX_BODY_BYTES:,} "
            "in a request. Split the stack or shorten inline code."
        )
    return TemplateFile(path=path, body=body, digest=digest_of(content))


def _content(path: Path) -> dict[str, object]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"no template {path}. `template` in [tool.qa] of pyproject.toml names it.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        # the reader of the static checks: strict about duplicate keys, of which json keeps one silently
        content = read_json(decoded(raw, source=str(path)).removeprefix("\ufeff"), source=str(path))
    except TemplateError as error:
        raise UsageError(str(error)) from error
    if not isinstance(content, dict):
        raise UsageError(f"{path}: a template is an object, and this is {_KINDS[type(content)]}.")
    return content


_KINDS = {
    list: "a list",
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def digest_of(content: object) -> str:
    """Return the SHA-256 of parsed JSON in canonical form, as hex digits."""
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
