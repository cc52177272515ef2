"""Texts of a hundred thousand characters: where they are read with an expression, quoted, or parsed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .given import Given, written
from .sizes import size

if TYPE_CHECKING:
    from random import Random

_UNITS = (
    "1", "a", " ", "(", "${", "a.", ":", "*", "/", "\n", "x ", "const {", "// ", "/*", "new ", "0 ", "arn:",
    "\\", "'", "=", "1.", "e", "{{resolve:", "import {", "exports.", "async ", "def ", "handler ",
    "TableName: ", "-a",
)  # fmt: skip
_STARTS = ("", "arn:aws:", "cron(", "rate(", "const {", "us-", "import")
_ENDS = ("", "x", ")", "}", "!")


def long_text(random: Random) -> Given:
    """Return a template with a very long text where rules look, as name, and as what is referred to."""
    count = size(random, 30_000)
    text = random.choice(_STARTS) + random.choice(_UNITS) * count + random.choice(_ENDS)
    kind, properties = random.choice(_resources(random, text))
    logical_id = random.choice(("A", text[:5000]))
    resource = {"Type": kind, "Properties": properties, "DependsOn": [text], "Condition": text}
    outputs = {"O": {"Value": {"Fn::GetAtt": [logical_id, text]}}}
    body = {"Description": text, "Resources": {logical_id: resource}, "Outputs": outputs}
    return written(body, kind="bomb")


def _resources(random: Random, text: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    function, role, alarm = "AWS::Lambda::Function", "AWS::IAM::Role", "AWS::CloudWatch::Alarm"
    statement = {"Action": text, "Principal": {"AWS": text}, "Effect": text}
    metrics = [{"Id": "e", "Expression": text}]
    return (
        (function, {"Code": {"ZipFile": text}, "Handler": "index.handler", "Runtime": "nodejs22.x"}),
        (function, {"Code": {"ZipFile": text}, "Handler": "index.handler", "Runtime": "python3.13"}),
        (
            function,
            {"Code": {"ZipFile": "x"}, "Handler": text, "Runtime": random.choice((text, "python3.13"))},
        ),
        (function, {"Timeout": text, "MemorySize": text, "FunctionName": text, "Role": text}),
        (alarm, {"Threshold": text, "Period": text, "MetricName": text, "Metrics": metrics}),
        ("AWS::Events::Rule", {"ScheduleExpression": text}),
        ("AWS::Events::Rule", {"EventPattern": {text: [text]}}),
        (role, {"AssumeRolePolicyDocument": {"Statement": [statement]}}),
        (role, {"RoleName": text, "ManagedPolicyArns": [text]}),
        ("AWS::S3::Bucket", {"BucketName": {"Fn::Sub": text}, text: text}),
        ("AWS::SSM::Parameter", {"Type": "String", "Value": text, "Tags": {text: text}}),
        (text, {}),
    )


def hard_to_parse(random: Random) -> Given:
    """Return long tokens, tokens without an end, deep nesting, or aliases that multiply."""
    count = size(random, 200_000)
    text = random.choice(
        (*_refused_json(count), *_long_tokens(count), *_repeats(count), _aliases(random, count))
    )
    name = random.choice(("t.json", "t.yaml"))
    return Given(kind="bomb", name=name, content=text.encode())


def _refused_json(count: int) -> tuple[str, ...]:
    name = "a" * count
    return (
        '[NaN, "' + '\\"' * count,
        '{"a": 1, "a": 2' + "]" * count,
        '{"a": NaN} ' + "]" * count,
        '{"a": NaN, b: 1}',
        '{"a": NaN, "b" "c"}',
        "[" * count,
        '{"a":' * count,
        '{"a": ' + "1" * count + "}",
        '{"a": 0.' + "1" * count + "e1}",
        '{"a": 1e' + "1" * count + "}",
        f'{{"{name}": 1, "{name}": 2}}',
    )


def _long_tokens(count: int) -> tuple[str, ...]:
    return (
        "a: " + ":".join(["1"] * count),
        "a: 1" + ":1" * count + ".5",
        "a: 0x" + "f" * count,
        "a: 0b" + "1" * count,
        "a: " + "1_" * count,
        "a: >\n" + "  x\n" * count,
        "a: '" + "''" * count,
        'a: "' + "\\x41" * count,
        "#" * count,
        " " * count + "{}",
        "\n" * count + "[",
    )


def _repeats(count: int) -> tuple[str, ...]:
    members = range(min(count, 20_000))
    return (
        "a: " + "- " * count,
        "? " * count,
        "a: &x " * count,
        "!a " * count,
        "a: " + "!!str " * count,
        "Metadata:\n" + "".join(f"  k{number}: &a{number} v\n" for number in members),
        "{" + ", ".join(f"k{number}: 1" for number in members) + "}",
    )


def _aliases(random: Random, count: int) -> str:
    fan, depth = random.randrange(2, 12), random.randrange(1, 12)
    kept = "x" * random.choice((1, 100_000))
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * fan)}]" for n in range(1, depth)]
    wide = ", ".join(["*a0"] * min(count, 30_000))
    value = random.choice((f"*a{depth - 1}", f"[{wide}]"))
    resource = f"Resources: {{A: {{Type: 'AWS::S3::Bucket', Properties: {{BucketName: {value}}}}}}}"
    return "\n".join([f"a0: &a0 [{kept}]", *levels, resource, ""])
