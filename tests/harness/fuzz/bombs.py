"""Inputs that are small or plain to write and may take for ever, or all memory, to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import hostile
from .given import Given, written
from .long_texts import hard_to_parse, long_text
from .sizes import size

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_TOPIC = {"Type": "AWS::SNS::Topic"}


def bomb(random: Random) -> Given:
    """Return one of the bombs at a random size."""
    return random.choice(BOMBS)(random)


def _in_property(value: Any, **sections: Any) -> Given:
    properties = {"TopicName": value, "DisplayName": {"Fn::Join": ["", [value, "x"]]}}
    return written({**sections, "Resources": {"A": {**_TOPIC, "Properties": properties}}}, kind="bomb")


def condition_chain(random: Random) -> Given:
    """Return conditions that hang on one another, forwards or backwards, perhaps in a ring."""
    count = size(random, 3_000)
    step = random.choice((1, -1))
    ring = random.choice((True, False))
    wrap: Callable[[Any], Any] = random.choice(
        (lambda one: one, lambda one: {"Fn::Not": [one]}, lambda one: {"Fn::And": [one, one]})
    )
    conditions = {
        f"C{number}": wrap({"Condition": f"C{(number + step) % count if ring else number + step}"})
        for number in range(count)
    }
    conditions.setdefault(f"C{count}", {"Fn::Equals": ["a", "a"]})
    body = {"Conditions": conditions, "Resources": {"A": {**_TOPIC, "Condition": "C0"}}}
    return written(body, kind="bomb")


def doubling_sub(random: Random) -> Given:
    """Return Fn::Sub in Fn::Sub, each repeating the inner one."""
    times = random.choice((2, 3, 10, 50))
    value: Any = random.choice(("x", {"Ref": "B"}, {"Ref": "AWS::Region"}, "x" * 1000))
    for _ in range(random.randrange(1, 31)):
        value = {"Fn::Sub": ["${a}" * times, {"a": value}]}
    return _in_property(value)


def growing_function(random: Random) -> Given:
    """Return a function around a function around …, whose text grows with each."""
    value: Any = random.choice(("x", "a,b", '"\\', {"Ref": "B"}, {"Ref": "AWS::Region"}))
    wraps: tuple[tuple[int, Callable[[Any], Any]], ...] = (
        (90, lambda inner: {"Fn::Base64": inner}),
        (45, lambda inner: {"Fn::ToJsonString": [inner]}),
        (40, lambda inner: {"Fn::ToJsonString": {"k": inner}}),
        (22, lambda inner: {"Fn::Join": [",,,,,", {"Fn::Split": [",", inner]}]}),
        (22, lambda inner: {"Fn::Join": [inner, ["a", "b", "c", "d"]]}),
        (11, lambda inner: {"Fn::Select": [0, [inner, inner]]}),
        (11, lambda inner: {"Fn::If": ["C", inner, inner]}),
    )
    most, wrap = random.choice(wraps)
    for _ in range(random.randrange(1, most + 1)):
        value = wrap(value)
    return _in_property(value, Conditions={"C": {"Fn::Equals": ["a", {"Ref": "Nope"}]}})


def wide_function(random: Random) -> Given:
    """Return a function with very many or very long arguments."""
    count = size(random, 50_000)
    made: tuple[Any, ...] = (
        {"Fn::Join": [random.choice(("", ",", "x" * 100)), ["x" * random.choice((1, 50))] * count]},
        {"Fn::Join": [",", [{"Ref": random.choice(("AWS::Region", "A", "P"))}] * count]},
        {"Fn::Sub": "${AWS::Region}" * count},
        {"Fn::Sub": "${B}" * count},
        {"Fn::Sub": "${" * count},
        {"Fn::Sub": "$" * count + "{"},
        {"Fn::Split": [",", ",".join("x" * count)]},
        {"Fn::Select": [count, ["x"] * count]},
        {"Fn::Cidr": ["::/0", 10**9, 1]},
        {"Fn::Cidr": ["10.0.0.0/8", 10 ** random.randrange(3, 12), random.choice((0, 1, 8))]},
        {"Fn::Cidr": [random.choice((5, [], {}, "x", 10**50, True)), 1, 1]},
        {"Fn::Length": ["x"] * count},
        {"Fn::FindInMap": ["M", "x" * count, "y"]},
        {"Fn::If": ["C"] + ["x"] * count},
        {"Ref": "x" * count},
        {"Fn::GetAtt": "x." * count},
    )
    parameter = {"P": {"Type": "CommaDelimitedList", "Default": "a," * random.choice((3, 30, 300, 3_000))}}
    return _in_property(random.choice(made), Parameters=parameter, Mappings={"M": {"a": {"b": "c"}}})


def pattern(random: Random) -> Given:
    """Return parameters with regular expressions, and values that these may chew on."""
    names = [f"P{number}" for number in range(random.randrange(1, 6))]
    parameters: dict[str, Any] = {}
    options: list[str] = []
    for name in names:
        declared = parameters[name] = {"Type": random.choice(("String", "CommaDelimitedList", "Number"))}
        declared["AllowedPattern"] = _expression(random)
        chewed = random.choice(("a", "aA", "a0.", "0", "x.")) * random.choice(
            (5, 30, 500, 4096)
        ) + random.choice(("", "!", "b", "x"))
        if random.random() < 0.7:
            declared["Default"] = chewed
        if random.random() < 0.3:
            declared["MaxLength"] = random.choice((40, 128, 4096, 10**400, "x"))
        if random.random() < 0.4:
            options += ["--parameter", f"{name}={chewed}"]
    body = {
        "Parameters": parameters,
        "Resources": {
            name: {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": {"Fn::Sub": f"b-${{{name}}}"}}}
            for name in names
        },
    }
    return written(body, kind="bomb", options=tuple(options))


def _expression(random: Random) -> str:
    pick = random.random()
    if pick < 0.5:
        return random.choice(hostile.PATTERNS)
    atoms = (
        "a",
        ".",
        "[a-z]",
        "\\w",
        "(a|b)",
        "(a|ab)",
        "[^x]",
        "\\d",
        "(?:a.)",
        "(a*)",
        "-",
        "\\.",
        "^",
        "$",
        "(",
        ")",
        "[",
    )
    marks = ("", "", "*", "+", "?", "{1,40}", "{3}", "{2,}", "*?", "|")
    return "".join(
        random.choice(atoms) + random.choice(marks) for _ in range(random.randrange(1, 12))
    ) * random.choice((1, 1, 5))


def many_resources(random: Random) -> Given:
    """Return hundreds or thousands of resources that are alike, unknown, named alike or need one another."""
    count = size(random, 3_000)
    kind = random.choice(
        (
            "AWS::SNS::Topic",
            "AWS::X::Y",
            "AWS::Lambda::Function",
            "AWS::IAM::Role",
            "AWS::S3::Bucket",
            "AWS::CloudWatch::Alarm",
        )
    )
    wiring = random.choice(("ring", "pairs", "self", "forwards", "all to one", "complete", "gone", "none"))
    resources = {f"R{number}": _member(random, number, count, kind, wiring) for number in range(count)}
    return written({"Resources": resources}, kind="bomb")


def _member(random: Random, number: int, count: int, kind: str, wiring: str) -> dict[str, Any]:
    others = {
        "ring": [(number + 1) % count],
        "pairs": [min(number ^ 1, count - 1)],
        "self": [number],
        "forwards": [other for other in (number + 1, number + 2) if other < count],
        "all to one": [0],
        "complete": [random.randrange(count) for _ in range(5)],
        "gone": [count + number],
        "none": [],
    }[wiring]
    properties = {
        "Tags": [{"Key": f"K{number}", "Value": {"Ref": f"R{other}"}} for other in others],
        "Bogus": number,
    }
    kind = f"{kind}{number}" if kind == "AWS::X::Y" else kind
    return {"Type": kind, "Properties": properties, "DependsOn": [f"R{other}" for other in others]}


def many_entries(random: Random) -> Given:
    """Return a section, list or map with thousands of members."""
    count = size(random, 20_000)
    numbers = range(count)
    entries: tuple[tuple[str, Any], ...] = (
        ("Outputs", {f"O{n}": {"Value": {"Ref": "A"}, "Export": {"Name": "same"}} for n in numbers}),
        ("Rules", {f"R{n}": {"Assertions": [{"Assert": _NEVER}]} for n in numbers[:3000]}),
        ("Parameters", {f"P{n}": {"Type": "String"} for n in numbers}),
        ("Mappings", {"M": {f"k{n}": {"a": "b"} for n in numbers}}),
        ("Conditions", {f"C{n}": {"Fn::Equals": [n, {"Ref": "AWS::Region"}]} for n in numbers}),
        ("Transform", ["X"] * count),
        ("Metadata", {"qa": {"suppress": [{"rule": f"r{n}", "reason": "x"} for n in numbers]}}),
        ("Resources", {"B": random.choice(_long_lists(random, count))}),
    )
    section, entry = random.choice(entries)
    body = {"Parameters": {"P": {"Type": "String", "Default": "y"}}, "Resources": {"A": _TOPIC}}
    return written({**body, section: entry}, kind="bomb")


_NEVER = {"Fn::Equals": [{"Ref": "P"}, "x"]}


def _long_lists(random: Random, count: int) -> tuple[dict[str, Any], ...]:
    statements = [{"Effect": "Allow", "Action": "s3:*" * random.choice((1, 50)), "Resource": "*"}] * count
    variables = {f"V{number}": {"Ref": "B"} for number in range(count)}
    metrics = [{"Id": f"m{number}", "Expression": f"m{number + 1}+m{number}"} for number in range(count)]
    replicas = [{"Region": f"r{number}"} for number in range(count)]
    return (
        _made("AWS::IAM::Role", AssumeRolePolicyDocument={"Statement": statements}),
        _made("AWS::DynamoDB::GlobalTable", Replicas=replicas),
        _made("AWS::Lambda::Function", Environment={"Variables": variables}),
        _made("AWS::CloudWatch::Alarm", Metrics=metrics),
    )


def _made(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties}


def loops(random: Random) -> Given:
    """Return Fn::ForEach in Fn::ForEach, with collections that are long, unknown, or none."""
    depth, count = random.randrange(1, 8), size(random, 3_000)
    items: tuple[Any, ...] = (
        [f"i{number}" for number in range(count)],
        ["a", "b", "c"],
        {"Ref": "P"},
        {"Fn::Split": [",", "a," * count]},
        {"Fn::FindInMap": ["M", "a", "b"]},
        {"Ref": "AWS::Region"},
        "a",
        [],
        [1, None, {"Ref": "Gone"}],
    )
    names = [f"x{level}" for level in range(depth)]
    inner: Any = {random.choice(("R", "R${x0}", "".join(f"${{{name}}}" for name in names))): _TOPIC}
    for name in names:
        used = random.choice((name, name, "x0", "P", "${x0}", ""))
        inner = {f"Fn::ForEach::{name}": [used, random.choice(items), inner]}
    section = random.choice(("Resources", "Resources", "Resources", "Conditions", "Outputs", "Properties"))
    resource = {**_TOPIC, "Properties": inner if section == "Properties" else {}}
    body = {
        "Transform": random.choice(("AWS::LanguageExtensions", ["AWS::LanguageExtensions", "Macro"])),
        "Parameters": {"P": {"Type": "CommaDelimitedList", "Default": "a," * min(count, 2_000)}},
        "Mappings": {"M": {"a": {"b": ["c", "d"]}}},
        "Resources": {"A": resource},
    }
    return written(body if section == "Properties" else {**body, section: inner}, kind="bomb")


def deep(random: Random) -> Given:
    """Return values nested up to the deepest that is read, and beyond it."""
    value: Any = "x"
    wrap: Callable[[Any], Any] = random.choice(
        (
            lambda inner: [inner],
            lambda inner: {"a": inner},
            lambda inner: {"Fn::If": ["C", inner, "y"]},
            lambda inner: {"Fn::Not": [inner]},
            lambda inner: {"Fn::And": [inner, inner]},
            lambda inner: {"Fn::Transform": {"Name": "n", "Parameters": inner}},
            lambda inner: {"Statement": inner},
            lambda inner: {"Fn::GetAtt": ["A", inner]},
        )
    )
    shares_twice = isinstance(wrap("x"), dict) and "Fn::And" in wrap("x")
    for _ in range(random.randrange(1, 13 if shares_twice else 60)):
        value = wrap(value)
    place = random.choice(("Conditions", "Metadata", "Outputs", "Properties", "Mappings", "Rules"))
    properties = {"PolicyDocument": value, "KeyPolicy": value, "Tags": value}
    resource = {"Type": random.choice(("AWS::KMS::Key", "AWS::IAM::Policy")), "Properties": properties}
    is_entry = place in {"Outputs", "Rules"}
    member = {"Value": value, "Assertions": [{"Assert": value}]} if is_entry else value
    return written({place: {"C": member}, "Resources": {"A": resource}}, kind="bomb")


BOMBS: tuple[Callable[[Random], Given], ...] = (
    condition_chain,
    doubling_sub,
    growing_function,
    wide_function,
    pattern,
    pattern,
    many_resources,
    many_entries,
    long_text,
    long_text,
    hard_to_parse,
    hard_to_parse,
    loops,
    deep,
)
