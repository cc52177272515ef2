"""The template as the deploy engine needs it: the text that is sent and the digest of its content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.errors import UsageError
from qa.template import parse_template
from qa.template.errors import TemplateError
from qa.template.json_text import read_json
from qa.template.load import decoded

from .assembly import without_bootstrap
from .packaging import with_assets, with_bucket, with_keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from .packaging import Package
    from .project import StackSettings

MAX_BODY_BYTES = 51_200
"""Limit of TemplateBody: the CloudFormation quota for a template that is not in S3."""
MAX_URL_BYTES = 1_048_576
"""Limit of TemplateURL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateFile:
    """A template's source and what is sent of it."""

    path: Path
    body: str
    digest: str
    """SHA-256 of the parsed content: layout, the order of keys and JSON or YAML do not count."""
    content: Mapping[str, object]
    """Parsed; a local path of code is the key of its package."""
    packages: tuple[Package, ...] = ()
    """Code that the template names by local paths."""

    @property
    def needs_assets(self) -> bool:
        """True when something of it goes through a bucket."""
        return bool(self.packages) or size_of(self.body) > MAX_BODY_BYTES

    def body_for(self, bucket: str) -> str:
        """Return what is sent where packages lie in this bucket."""
        return minified(with_bucket(self.content, bucket)) if self.packages else self.body

    def section(self, name: str) -> Mapping[str, object]:
        """Return a section such as Parameters; an empty one where there is none."""
        found = self.content.get(name)
        return found if isinstance(found, dict) else {}


def read_template(path: Path) -> TemplateFile:
    """Return a template: JSON minified, YAML as it is unless it names local code.

    Raises UsageError with the place for one that cannot be sent.
    """
    text = _text(path)
    is_yaml = path.suffix in {".yaml", ".yml"}  # which may begin with a brace, too
    is_json = path.suffix == ".json" or (not is_yaml and text.lstrip()[:1] in {"{", "["})
    content = _content(path, text, is_json=is_json)
    # the order of keys is kept in what is sent: outputs and events are easier to compare with the file
    keyed, packages = with_keys(content, path.parent)
    body = minified(keyed) if is_json or packages else text
    size = size_of(body)
    if size > MAX_URL_BYTES:
        raise UsageError(
            f"{path} has {size:,} bytes; CloudFormation takes {MAX_URL_BYTES:,} at most. Split the stack."
        )
    return TemplateFile(path=path, body=body, digest=digest_of(keyed), content=keyed, packages=packages)


def template_of(stack: StackSettings) -> TemplateFile:
    """Return the template of a stack as `read_template` does, that of a CDK assembly with its assets."""
    if stack.assets is None:
        return read_template(stack.template)
    plain = read_template(stack.template)
    keyed, packages = with_assets(without_bootstrap(plain.content), stack.assets)
    return replace(plain, body=minified(keyed), digest=digest_of(keyed), content=keyed, packages=packages)


def minified(content: object) -> str:
    """Return parsed content as JSON without white space, in its own order."""
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def size_of(body: str) -> int:
    """Return how many bytes a body has."""
    return len(body.encode("utf-8", "surrogatepass"))


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"no template {path}. `template` in the settings of qa names it.") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return decoded(raw, source=str(path)).removeprefix("\ufeff")
    except TemplateError as error:
        raise UsageError(str(error)) from error


def _content(path: Path, text: str, *, is_json: bool) -> dict[str, object]:
    try:
        # the reader of the static checks: strict about duplicate keys, of which json keeps one silently
        content = (
            read_json(text, source=str(path)) if is_json else parse_template(text, source=str(path)).body
        )
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


def combined_digest(digests: Mapping[str, str]) -> str:
    """Return one digest for the templates of several stacks by name; of a single stack its own."""
    return next(iter(digests.values())) if len(digests) == 1 else digest_of(dict(digests))
