"""What CloudFormation takes of a template: its size, its counts, the form of its names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qa.checks.finding import Severity
from qa.checks.rule import Fault, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.checks.context import Context

_GUIDE = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
_QUOTAS = f"{_GUIDE}cloudformation-limits.html"
_ANATOMY = f"{_GUIDE}template-anatomy.html"
_INLINE_BYTES, _STORED_BYTES = 51_200, 1_048_576
_MOST = {"Resources": 500, "Parameters": 200, "Outputs": 200, "Mappings": 200}
_NAMED = ("Resources", "Parameters", "Outputs", "Mappings", "Conditions", "Rules")
_SPLIT = "split it into several stacks"
_NAME_LENGTH, _DESCRIPTION_BYTES, _VALUE_BYTES = 255, 1024, 4096
_SECTIONS = frozenset(
    {
        *_NAMED,
        "AWSTemplateFormatVersion",
        "Description",
        "Fn::Transform",
        "Hooks",
        "Metadata",
        "Transform",
    }
)


@rule("template-size", severity=Severity.NOTE, source=_QUOTAS)
def template_size(context: Context) -> Iterator[Fault]:
    """A template too large to be sent with the request.

    A body in the request has at most 51,200 bytes; beyond that it must be read from S3 (a note: `aws
    cloudformation deploy` then asks for --s3-bucket). From S3 it has at most 1 MB: beyond that an error.
    """
    text = context.template.text
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size > _INLINE_BYTES:
        is_refused = size > _STORED_BYTES
        most = _STORED_BYTES if is_refused else _INLINE_BYTES
        yield Fault(
            path=(),
            severity=Severity.ERROR if is_refused else None,
            message=f"The template has {size:,} bytes; {'at all' if is_refused else 'in a request'} "
            f"it may have {most:,}",
            actual=size,
            expected=f"at most {most:,} bytes",
            fix=_SPLIT if is_refused else "shorten it, or deploy it through a bucket",
        )


@rule("too-many", severity=Severity.ERROR, source=_QUOTAS)
def too_many(context: Context) -> Iterator[Fault]:
    """More entries in a section than CloudFormation takes.

    500 resources, 200 parameters, 200 outputs, 200 mappings, 200 attributes in each mapping. Loops
    (Fn::ForEach) are counted as one entry, since what they make is not counted here.
    """
    body = context.template.body
    for section, most in _MOST.items():
        count = len(body[section]) if isinstance(body.get(section), dict) else 0
        if count > most:
            yield _beyond((section,), f"{section} has {count} entries", count, most, fix=_SPLIT)
    for name, mapping in context.template.mappings.items():
        if len(mapping) > _MOST["Mappings"]:
            words = f"The mapping {name} has {len(mapping)} attributes"
            yield _beyond(("Mappings", name), words, len(mapping), _MOST["Mappings"], fix=_SPLIT)


def _beyond(path: tuple[str, ...], words: str, found: int, most: int, *, fix: str) -> Fault:
    return Fault(
        path=path,
        message=f"{words}; CloudFormation takes {most:,}",
        actual=found,
        expected=f"at most {most:,}",
        fix=fix,
    )


@rule("logical-id", severity=Severity.ERROR, source=_QUOTAS)
def logical_id(context: Context) -> Iterator[Fault]:
    """A name of a resource, parameter, output or mapping that is not made of letters and digits.

    "Template format error: Resource name my-bucket is non alphanumeric": CloudFormation refuses the
    template. Names have at most 255 characters. Macros are left alone; of names that a loop makes
    malformed-loop tells.
    """
    for section in () if context.macros else ("Resources", "Parameters", "Outputs", "Mappings"):
        entries = context.template.body.get(section)
        for name in entries if isinstance(entries, dict) else ():
            is_made_so = re.fullmatch(r"[A-Za-z0-9]+", str(name)) is not None
            is_of_loop = (section, name) in context.template.origins or str(name).startswith("Fn::")
            if is_of_loop or (is_made_so and len(str(name)) <= _NAME_LENGTH):
                continue
            yield Fault(
                path=(section, name),
                message=f"{section} has a name of {len(str(name))} characters"
                if is_made_so
                else f"{section} has the name {name!r}, which is non alphanumeric",
                actual=name,
                expected=f"at most {_NAME_LENGTH} letters and digits",
                fix="rename it, and what refers to it",
            )


@rule("text-length", severity=Severity.ERROR, source=_QUOTAS)
def text_length(context: Context) -> Iterator[Fault]:
    """A description or a parameter's value longer than CloudFormation takes.

    The template's description has at most 1,024 bytes, a parameter's value 4,096.
    """
    texts: list[tuple[tuple[str, ...], str, object, int]] = [
        (("Description",), "The description", context.template.body.get("Description"), _DESCRIPTION_BYTES)
    ]
    for name, declared in context.template.parameters.items():
        place = ("Parameters", name, "Default")
        texts.append((place, f"The default of {name}", declared.get("Default"), _VALUE_BYTES))
    for path, words, text, most in texts:
        size = len(text.encode("utf-8", "replace")) if isinstance(text, str) else 0
        if size > most:
            yield _beyond(path, f"{words} has {size:,} bytes", size, most, fix="shorten it")


@rule("template-section", severity=Severity.ERROR, source=_ANATOMY)
def template_section(context: Context) -> Iterator[Fault]:
    """A section, or a format version, that CloudFormation does not know.

    "Invalid template property or properties [Foo]": it refuses the template. There is one version,
    2010-09-09. A template for macros may have sections of their own.
    """
    if context.macros:
        return
    strange = [str(section) for section in context.template.body if section not in _SECTIONS]
    if strange:
        yield Fault(
            path=(strange[0],),
            message=f"Invalid template property or properties [{', '.join(strange)}]",
            actual=strange,
            expected=f"some of {', '.join(sorted(_SECTIONS))}",
            fix="remove what is no section, or correct its name",
        )
    version = context.template.body.get("AWSTemplateFormatVersion", "2010-09-09")
    if str(version) != "2010-09-09":
        yield Fault(
            path=("AWSTemplateFormatVersion",),
            message="There is one format version, and this is not it",
            actual=version,
            expected="2010-09-09",
            fix='write "2010-09-09", or leave it out',
        )
