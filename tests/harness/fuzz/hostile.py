"""Values that no template should hold: texts, numbers, and functions in functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

PSEUDO = (
    "AWS::Region",
    "AWS::AccountId",
    "AWS::NoValue",
    "AWS::StackName",
    "AWS::Partition",
    "AWS::URLSuffix",
)
SPECIALS = (
    "__proto__", "__class__", "constructor", "None", "null", "true", "NaN", "Infinity", "-0", "", " ", ".",
    "/",
    "Ref", "Fn::If", "Fn::ForEach::Loop", "Fn::Transform", "Condition", "Type", "Resources", "<<", "*", "&a",
    "!Ref",
    "${", "${}", "${!a}", "${A.B.C}", "${AWS::Nope}", "{{resolve:ssm:/a}}", "{{resolve:", "$ref",
    "#/definitions/x",
)  # fmt: skip
CONTROLS = (
    "\x00", "\x1b[31mred", "\x1b]0;title\x07", "\x9b2J", "\u202eabc", "\u200b", "\ufeff", "\ud800",
    "\udfff\ud800",
    "a\rb", "a\nb", "\x7f", "\u2028", "a\x85b", "\ufffe", "\U0001f600", "ﬁ", "e\u0301", "漢字",
    "\ue0000\ue001",
)  # fmt: skip
LIKE_AWS = (
    "arn:aws:kms:us-east-1:123456789012:key/abc", "arn:aws:iam::123456789012:role/x", "arn:::::",
    "arn:aws:s3:::b/*",
    "arn:aws:lambda:us-west-2:111122223333:function:f:live", "rate(0 minutes)", "rate(5 minutes)",
    "cron(0 12 * * ? *)",
    "cron(* * * * *)", "cron(" + "*/" * 30 + ")", "alias/aws/x", "s3:*", "*:*", "kms:GenerateDataKey*",
    "sns.amazonaws.com",
    "2012-10-17", "nodejs22.x", "python3.7", "index.handler", "us-east-1", "eu-nowhere-9", "0 0 0",
    "${Token[1]}",
    "IF(m1>0,SUM(METRICS()),0)", "SEARCH('{AWS/X,Y}','Sum',60)", "ANOMALY_DETECTION_BAND(m1,2)", "m1+m2/0",
)  # fmt: skip
CODE = (
    "exports.handler = async () => {}", "const { PutItemCommand } = require('@aws-sdk/client-dynamodb');",
    "new PutItemCommand({ TableName: process.env.TABLE })", "const { A: b, C } = process.env;", "/* open",
    "// ",
    "import { a } from 'b'", "def handler(event, context):\n    pass", "exports[`handler`]",
    "process.env['X']",
    "const T = process.env.T;", "{{{", "}}}", "`${`", "'\\", "const {", "new aCommand",
)  # fmt: skip
PATTERNS = (
    "(a+)+$", "(a|aa)+$", "a?" * 30 + "a" * 30, "(.*)*x", "(.*a){25}", "[a-z]{0,50}" * 12, "(", "[[a]]",
    "a{99999999999}",
    "(?<n>a)\\k<n>", "\\p{Alpha}+", "(a)\\1", "(?=a)b", "(?i)abc", "^[a-z0-9-]{3,20}$", "(" * 300 + ")" * 300,
    "(?:a{1,100}){1,100}", ".*.*.*.*x", "\\d+(\\.\\d+)*", "(?>a+)a", "a++a", "(?#c)", "\\Qa\\E", "", "^$",
    "[^", "(?P<x>a)(?P<x>b)",
    "(?:[a-z0-9]+\\.)*[a-z]+", "((((a*)*)*)*)*b", "(?<!a{1,3})b", "(?<=aa)b", "\\b\\B",
    "[\\w-]+@[\\w-]+\\.\\w+",
)  # fmt: skip
FUNCTIONS = (
    "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If", "Fn::Select", "Fn::FindInMap", "Fn::Join", "Fn::Split",
    "Fn::Base64",
    "Fn::Cidr", "Fn::GetAZs", "Fn::ImportValue", "Fn::Length", "Fn::ToJsonString", "Fn::Transform", "Fn::And",
    "Fn::Or", "Fn::Not", "Fn::Equals", "Condition", "Fn::Contains", "Fn::EachMemberIn", "Fn::RefAll",
    "Fn::ValueOf",
    "Fn::ForEach", "Fn::ForEach::Loop", "Fn::Nope", "Fn::GetStackOutput", "Fn::",
)  # fmt: skip
NUMBERS = (
    0, -1, 1, 2, 60, 900, 2**31, 2**63, 10**30, 10**300, -(10**3998), 0.1, -0.0, 1e308, 5e-324, 1.5, True,
    False, None,
)  # fmt: skip


def text(random: Random, names: list[str]) -> str:
    """Return a text: a name of the template, something like AWS's, code, control characters, a long one."""
    name = random.choice(names)
    made: tuple[Callable[[], str], ...] = (
        lambda: name,
        lambda: name,
        lambda: name,
        lambda: random.choice(LIKE_AWS),
        lambda: random.choice(SPECIALS),
        lambda: random.choice(CONTROLS) + name,
        lambda: code(random, 8),
        lambda: f"{name}${{{random.choice(names)}}}{random.choice(LIKE_AWS)}${{{random.choice(PSEUDO)}}}",
        lambda: random.choice(PATTERNS),
        lambda: random.choice((*LIKE_AWS, *CODE, *SPECIALS)) * random.choice((2, 20, 300)),
        lambda: "".join(chr(random.randrange(1, 0x2FF)) for _ in range(random.randrange(12))),
        lambda: str(random.choice(NUMBERS)),
    )
    return random.choice(made)()


def code(random: Random, most: int) -> str:
    """Return up to some fragments of JavaScript and Python."""
    return "".join(random.choice(CODE) + random.choice("\n; ") for _ in range(random.randrange(1, most)))


def value(random: Random, names: list[str], depth: int = 4) -> Any:
    """Return any value: a scalar, a list or map of such, or functions nested in one another."""
    pick = random.randrange(10) if depth > 0 else random.randrange(3)
    if pick == 0:
        return random.choice(NUMBERS)
    if pick < 4:
        return text(random, names)
    if pick == 4:
        return [value(random, names, depth - 1) for _ in range(random.randrange(4))]
    if pick == 5:
        return {text(random, names): value(random, names, depth - 1) for _ in range(random.randrange(4))}
    return function(random, names, depth)


def function(random: Random, names: list[str], depth: int = 4) -> Any:
    """Return an intrinsic function, mostly with arguments of the right number."""
    name = random.choice(FUNCTIONS)

    def inner() -> Any:
        return value(random, names, depth - 1)

    made: dict[str, Any] = {
        "Ref": lambda: random.choice((*names, *PSEUDO)),
        "Condition": lambda: random.choice(names),
        "Fn::GetAtt": lambda: random.choice(([random.choice(names), "Arn"], f"{random.choice(names)}.Arn")),
        "Fn::Sub": lambda: random.choice((text(random, names),
        [text(random, names), {random.choice(names): inner()}])),
        "Fn::If": lambda: [random.choice(names), inner(), inner()],
        "Fn::Select": lambda: [random.choice((0, 1, "2", -1, inner())),
        random.choice(([inner(), inner()], inner()))],
        "Fn::FindInMap": lambda: [random.choice(names), inner(), inner(),
        {"DefaultValue": inner()}][: random.choice((3, 4))],
        "Fn::Join": lambda: [random.choice((",", "", inner())), random.choice(([inner(), inner()], inner()))],
        "Fn::Split": lambda: [random.choice((",", "", inner())), inner()],
        "Fn::Cidr": lambda: ["10.0.0.0/16", random.choice(NUMBERS), random.choice(NUMBERS)],
        "Fn::And": lambda: [inner() for _ in range(random.randrange(5))],
        "Fn::Or": lambda: [inner() for _ in range(random.randrange(5))],
        "Fn::Not": lambda: [inner()],
        "Fn::Equals": lambda: [inner(), inner()],
    }  # fmt: skip
    argument = made[name]() if name in made and random.random() < 0.85 else inner()
    return {name: argument}
