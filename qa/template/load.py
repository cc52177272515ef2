"""Reading a template from a file or a text."""

from __future__ import annotations

import json
import stat
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from .errors import (
    NestingError,
    TemplateEncodingError,
    TemplateFileError,
    TemplateShapeError,
    TemplateSyntaxError,
)
from .json_text import json_positions, read_json, too_deep
from .nesting import exceeds_depth, too_deep_message
from .positions import Position, PositionMap
from .shape import shaped
from .yaml_text import read_yaml, yaml_positions

if TYPE_CHECKING:
    import os

    from .model import Template

MOST_BYTES = 10_000_000
"""Of a file: ten times what CloudFormation takes, and what is read in seconds."""


def load_template(path: str | os.PathLike[str]) -> Template:
    """Return the template in a file, JSON or YAML; its source is the path as given.

    Raises a TemplateError that says where and why.
    """
    source = str(path)
    try:
        mode = FilePath(path).stat().st_mode
        if stat.S_ISDIR(mode):
            raise TemplateFileError("this is a folder; name the template in it", source=source)
        if not stat.S_ISREG(mode):  # a pipe may never begin, and a device never end
            raise TemplateFileError("this is no regular file; qa check - reads standard input", source=source)
        with FilePath(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise TemplateFileError(f"the template cannot be read: {reason}", source=source) from None
    return parse_template(decoded(content, source=source), source=source)


def parse_template(text: str, *, source: str = "<template>") -> Template:
    """Return the template a text holds; `source` is what errors call it."""
    text = text.removeprefix("\ufeff")
    start = text.lstrip()[:1]
    if not start:
        raise TemplateShapeError("a template is an object, this is empty", source=source)
    if start not in "{[":
        return _parse_yaml(text, source)
    try:
        return _parse_json(text, source)
    except TemplateSyntaxError as error:
        if type(error) is not TemplateSyntaxError or not source.endswith((".yaml", ".yml")):
            raise
    return _parse_yaml(text, source)  # a YAML template may start with a flow map


def template_of(body: dict[str, Any], *, source: str = "<template>") -> Template:
    """Return the template that parsed content makes; positions refer to its text, written with indent 2.

    The content is shared, not copied.
    """
    if exceeds_depth(body):
        raise NestingError(too_deep_message(), source=source)
    text = json.dumps(body, indent=2)
    return shaped(body, text=text, source=source, positions=PositionMap(lambda: json_positions(text)))


def decoded(content: bytes, *, source: str) -> str:
    """Return the text of a file: UTF-8, or UTF-16 and UTF-32 recognized by BOM or zero bytes."""
    if len(content) > MOST_BYTES:
        message = f"it has more than {MOST_BYTES:,} bytes; CloudFormation takes at most 1,048,576"
        raise TemplateFileError(message, source=source)
    encoding = json.detect_encoding(content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].decode(encoding, "replace")
        position = Position(before.count("\n") + 1, len(before) - before.rfind("\n"))
        message = f"not {encoding.upper().removesuffix('-SIG')} text: {error.reason}"
        raise TemplateEncodingError(message, source=source, position=position) from None


def _parse_json(text: str, source: str) -> Template:
    body = read_json(text, source=source)
    try:
        return shaped(body, text=text, source=source, positions=PositionMap(lambda: json_positions(text)))
    except NestingError:
        raise too_deep(text, source=source) from None


def _parse_yaml(text: str, source: str) -> Template:
    body = read_yaml(text, source=source)
    positions = PositionMap(lambda: yaml_positions(text, source=source))
    return shaped(body, text=text, source=source, positions=positions)
