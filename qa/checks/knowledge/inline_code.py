"""What the inline code of a function says of itself: the calls it makes, the variables it reads."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from qa.checks.knowledge.naming import BUCKET, FUNCTION, GLOBAL_TABLE, KEY, QUEUE, REPLICA_KEY, TABLE, TOPIC

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAME_NAME = {
    "dynamodb": "BatchGetItem BatchWriteItem DeleteItem DescribeTable GetItem PutItem Query Scan UpdateItem",
    "kms": (
        "Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyWithoutPlaintext "
        "GenerateMac Sign Verify VerifyMac"
    ),
    "s3": "DeleteObject GetObject GetObjectTagging PutObject PutObjectTagging",
    "secretsmanager": "GetSecretValue",
    "sns": "Publish",
    "sqs": "ChangeMessageVisibility DeleteMessage GetQueueAttributes ReceiveMessage SendMessage",
    "ssm": "GetParameter GetParameters GetParametersByPath PutParameter",
}
_OTHER_NAME = {
    "@aws-sdk/client-lambda": {"Invoke": "lambda:InvokeFunction"},
    "@aws-sdk/client-s3": {
        "DeleteObjects": "s3:DeleteObject",
        "HeadObject": "s3:GetObject",
        "ListObjects": "s3:ListBucket",
        "ListObjectsV2": "s3:ListBucket",
    },
    "@aws-sdk/lib-dynamodb": {
        "BatchGet": "dynamodb:BatchGetItem",
        "BatchWrite": "dynamodb:BatchWriteItem",
        "Delete": "dynamodb:DeleteItem",
        "Get": "dynamodb:GetItem",
        "Put": "dynamodb:PutItem",
        "Query": "dynamodb:Query",
        "Scan": "dynamodb:Scan",
        "Update": "dynamodb:UpdateItem",
    },
}
ACTIONS: dict[tuple[str, str], str] = {
    **{
        (f"@aws-sdk/client-{service}", name): f"{service}:{name}"
        for service, names in _SAME_NAME.items()
        for name in names.split()
    },
    **{(package, name): action for package, names in _OTHER_NAME.items() for name, action in names.items()},
}
"""(package, command without "Command") → the right it needs; what is not here is not judged."""

KINDS: dict[str, frozenset[str]] = {
    "Bucket": frozenset({BUCKET}),
    "FunctionName": frozenset({FUNCTION}),
    "KeyId": frozenset({KEY, REPLICA_KEY, "AWS::KMS::Alias"}),
    "QueueUrl": frozenset({QUEUE}),
    "TableName": frozenset({TABLE, GLOBAL_TABLE}),
    "TopicArn": frozenset({TOPIC}),
}
"""Parameter of a call → the resource types that it takes."""

PARAMETER_OF = {
    action: {"dynamodb": "TableName", "kms": "KeyId", "sns": "TopicArn", "sqs": "QueueUrl"}[service]
    for action in ACTIONS.values()
    if (service := action.partition(":")[0]) in {"dynamodb", "kms", "sns", "sqs"}
} | {"lambda:InvokeFunction": "FunctionName", "s3:PutObject": "Bucket", "s3:GetObject": "Bucket"}
"""Right → the parameter of its call that names the resource."""

_NEW = re.compile(r"\bnew\s+(\w+)Command\b")
_IMPORTED = re.compile(
    r"(?:const|let|var)\s*\{([^{}]*)\}\s*=\s*require\(\s*['\"]([^'\"]+)['\"]\s*\)"
    r"|import\s*\{([^{}]*)\}\s*from\s*['\"]([^'\"]+)['\"]"
)
_VARIABLE = r"process\.env(?:\.(\w+)|\[\s*['\"](\w+)['\"]\s*\])"
_ALONE = r"(?!\s*(?:\|\||\?\?|\?|\.|\+|\(|\[|\w))"
"""What has a default or is made into something else is not judged."""
_ENDS = r"(?=\s*(?:;|,|\n|\Z))(?!\s*(?:\|\||\?\?|\?|\.|\+))"
_HANDED_OVER = re.compile(rf"\b({'|'.join(KINDS)})\s*:\s*{_VARIABLE}{_ALONE}")
_BY_CONSTANT = re.compile(rf"\b({'|'.join(KINDS)})\s*:\s*(\w+)\b{_ALONE}")
_CONSTANT = re.compile(rf"\bconst\s+(\w+)\s*=\s*{_VARIABLE}{_ENDS}")
_UNPACKED = re.compile(r"\bconst\s*\{([^{}]*)\}\s*=\s*process\.env\b(?!\s*\.)")
_REMARK = re.compile(r"/\*.*?(?:\*/|\Z)|(?<![:'\"`\\])//[^\n]*", re.DOTALL)
_EXPORTED = re.compile(r"\bexports\s*(?:\.\s*(\w+)|\[\s*['\"`](\w+)['\"`]\s*\])")
_BORROWED_RIGHTS = re.compile(r"\b(credentials|AssumeRole\w*|from(?:Ini|Env|TemporaryCredentials))\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineCode:
    """What could be read from JavaScript; what is not found may be there all the same."""

    needs: frozenset[str]
    """Actions of the calls that it makes with the function's own rights."""
    handed_over: tuple[tuple[str, str], ...]
    """(parameter of a call, environment variable that it is given), e.g. ("TableName", "TABLE_NAME")."""
    encrypts_itself: bool = False
    """It names an encryption in a call of its own, whatever the bucket does by default."""


@lru_cache(maxsize=64)
def read_javascript(code: str) -> InlineCode:
    """Return the calls of the AWS SDK v3 and the variables they are given."""
    text = _REMARK.sub("", code)
    packages = _packages(text)
    called = {(packages.get(name, ""), name) for name in _NEW.findall(text)}
    borrowed = _BORROWED_RIGHTS.search(text) is not None
    return InlineCode(
        needs=frozenset() if borrowed else frozenset(ACTIONS[one] for one in called if one in ACTIONS),
        handed_over=tuple(dict.fromkeys(_handed_over(text))),
        encrypts_itself="ServerSideEncryption" in text,
    )


def exports(code: str, name: str, *, runtime: str) -> bool | None:
    """Say whether inline code exports a name; None when that is not known."""
    word = re.escape(name)
    if runtime.startswith("python"):
        defined = rf"^(?:async\s+)?def\s+{word}\b|\b{word}\b\s*=|import\b[^\n]{{0,200}}(?:\b{word}\b|\*)"
        return re.search(defined, code, re.MULTILINE) is not None
    if not runtime.startswith("nodejs"):
        return None
    if name in {one[1] or one[2] for one in _EXPORTED.finditer(code)}:  # one in a remark counts too
        return True
    if not re.search(r"\bexports?\b", _EXPORTED.sub("", code)):
        return False
    may_hand_on = re.search(rf"\b{word}\b|\.\.\.|\*|\brequire\s*\(", code)
    return None if may_hand_on else False


def _handed_over(text: str) -> Iterator[tuple[str, str]]:
    """Yield (parameter, variable), by itself or through a constant that holds nothing else."""
    constants = {found[1]: found[2] or found[3] for found in _CONSTANT.finditer(text)}
    for names in _UNPACKED.findall(text):
        for one in names.split(","):
            variable, _, alias = (part.strip() for part in one.partition(":"))
            if "=" not in one:
                constants[alias or variable] = variable
    for found in _HANDED_OVER.finditer(text):
        yield found[1], found[2] or found[3]
    for found in _BY_CONSTANT.finditer(text):
        if found[2] in constants:
            yield found[1], constants[found[2]]


def _packages(text: str) -> dict[str, str]:
    """Return the package that each imported command comes from, by its name without "Command"."""
    found = {}
    for names, package, others, from_package in _IMPORTED.findall(text):
        for name in (names or others).split(","):
            found[name.strip().removesuffix("Command")] = package or from_package
    return found
