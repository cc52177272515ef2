"""Bytes that were once a template."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING

import yaml

from .given import Given
from .mutants import templates

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_WRITTEN = (
    b'{"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "x-${B}"}}}}}',
    b"Resources:\n  A: &a {Type: 'AWS::SNS::Topic', Properties: {TopicName: !Sub '${Q}'}}\n  B: *a\n",
    b"Parameters: {P: {Type: Number, Default: 1_000, MinValue: 0x1F}}\nOutputs: {O: {Value: !GetAtt A.B}}\n",
    b"Conditions:\n  C: !And [!Equals [a, !Ref P], !Not [!Condition D]]\n",
    b"%YAML 1.1\n%TAG ! tag:x,2000:\n---\nA: !<tag:yaml.org,2002:str> 1\n...\n",
    b"? |\n  key\n: >-\n  folded\n  text\nResources: {A: {Type: 'AWS::S3::Bucket', DependsOn: [A, B]}}\n",
    b'{"Metadata": {"a": [1, 2.5e-3, -0, true, null, "\\u00e4\\ud83d\\ude00"]}, "Resources": {}}',
    b"Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Code: {ZipFile: 'a\n\n b'}\n",
)
_PIECES = (
    b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b"0" * 300, b"1e-999", b'"\\ud800"', b'"\\uZZZZ"', b"\\",
    b'"', b"'", b"{", b"}",
    b"[", b"]", b",", b":", b": ", b"\n", b"\t", b"\r", b"\x00", b"\x1b[31m", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xc0\x80", b"\xed\xa0\x80",
    b"&a ", b"*a", b"<<: *a", b"!Ref ", b"!GetAtt ", b"!!python/object:os.system ", b"!!binary ", b"!!set ",
    b"!!omap ", b"!!timestamp ",
    b"!!float ", b"!!int ", b"!!null ", b"---\n", b"...\n", b"%TAG ! x\n", b"? ", b"- ", b"|2-\n", b">+\n",
    b"#", b"1:60:60", b"0x", b"0b",
    b"0o7", b"1__0", b".inf", b"~", b"yes", b"=", b"[" * 200, b'{"a":' * 150, b"- " * 150, b"\xe2\x80\xa8",
    b"\xc2\x85", b"{{}}", b"[[]:1]",
    b'"Fn::ForEach::X": ["i", ["a"], {"${i}": {}}]', b'"Type": "AWS::S3::Bucket"',
    b'"Type": "AWS::S3::Bucket",', b"null", b"{}", b"1",
)  # fmt: skip
_ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-be",
    "latin-1",
    "utf-7",
)


@cache
def _sources() -> tuple[bytes, ...]:
    bodies = [body for _, body in templates()]
    short = [{**body, "Resources": dict(list(body["Resources"].items())[:3])} for body in bodies]
    texts = [text.encode() for text, _ in templates()[:1]]
    texts += [json.dumps(body).encode() for body in short]
    texts += [yaml.safe_dump(body).encode() for body in (*short, bodies[-1])]
    texts += [yaml.safe_dump(body, default_flow_style=True).encode() for body in short[:2]]
    return (*_WRITTEN * 3, *texts)


def raw(random: Random) -> Given:
    """Return a template's bytes with up to eight changes, sometimes in another encoding."""
    content = random.choice(_sources())
    if random.random() < 0.2:
        content = _encoded(random, content)
    for _ in range(random.randrange(9)):
        content = random.choice(_CHANGES)(random, content)
    name = "t.yaml" if random.random() < 0.3 else "t.json"
    return Given(kind="raw", name=name, content=content[:300_000])


def _encoded(random: Random, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(random.choice(_ENCODINGS), "replace")


def _flipped(random: Random, content: bytes) -> bytes:
    changed = bytearray(content)
    for _ in range(random.randrange(1, 5) if changed else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _put_in(random: Random, content: bytes) -> bytes:
    at = random.randrange(len(content) + 1)
    return content[:at] + random.choice(_PIECES) + content[at:]


def _span(random: Random, content: bytes) -> tuple[int, int]:
    start = random.randrange(len(content) + 1)
    return start, min(len(content), start + random.choice((1, 3, 20, 200, 5000)))


def _cut_out(random: Random, content: bytes) -> bytes:
    start, end = _span(random, content)
    return content[:start] + content[end:]


def _repeated(random: Random, content: bytes) -> bytes:
    start, end = _span(random, content)
    return content[:end] + content[start:end] * random.choice((1, 2, 50)) + content[end:]


def _moved(random: Random, content: bytes) -> bytes:
    start, end = _span(random, content)
    at = random.randrange(len(content) + 1)
    return content[:at] + content[start:end] + content[at:]


def _truncated(random: Random, content: bytes) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _line_doubled(random: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    at = random.randrange(len(lines))
    return b"\n".join([*lines[: at + 1], *lines[at:]])


def _word_replaced(random: Random, content: bytes) -> bytes:
    words = content.split(b" ")
    words[random.randrange(len(words))] = random.choice(_PIECES)
    return b" ".join(words)


_CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    _flipped, _put_in, _put_in, _cut_out, _repeated, _moved, _truncated, _line_doubled, _word_replaced,
    _word_replaced,
)  # fmt: skip
