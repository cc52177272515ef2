"""What may be requested of a function when it is created or changed; the rest is refused by name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends

from qa.embedded.world import Caller, Question

from . import toolchain
from .functions import RUNNABLE
from .refusals import cannot_run, invalid_parameter, not_modelled
from .toolchain import ToolchainError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qa.embedded.world import World

# Runtimes that AWS no longer lets anyone create functions for.
BLOCKED_RUNTIMES = frozenset(
    [
        "nodejs",
        "nodejs4.3",
        "nodejs4.3-edge",
        "nodejs6.10",
        "nodejs8.10",
        "nodejs10.x",
        "nodejs12.x",
        "nodejs14.x",
        "nodejs16.x",
        "nodejs18.x",
        "python2.7",
        "python3.6",
        "python3.7",
        "python3.8",
        "dotnetcore1.0",
        "dotnetcore2.0",
        "dotnetcore2.1",
        "dotnetcore3.1",
        "dotnet6",
        "java8",
        "go1.x",
        "ruby2.5",
        "ruby2.7",
        "provided",
    ]
)
RESERVED_VARIABLES = frozenset(
    [
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_LAMBDA_RUNTIME_API",
        "LAMBDA_TASK_ROOT",
        "LAMBDA_RUNTIME_DIR",
    ]
)
VARIABLES_LIMIT = 4096

# A parameter of CreateFunction or UpdateFunctionConfiguration, and whether a value of it requests something.
_UNMODELLED: Mapping[str, Callable[[Any], bool]] = {
    "CodeSigningConfigArn": bool,
    "DeadLetterConfig": lambda value: bool(value.get("TargetArn")),
    "FileSystemConfigs": bool,
    "ImageConfig": bool,
    "KMSKeyArn": bool,
    "Layers": bool,
    "PackageType": lambda value: value != "Zip",
    "SnapStart": lambda value: value.get("ApplyOn", "None") != "None",
    "TracingConfig": lambda value: value.get("Mode", "PassThrough") != "PassThrough",
    "VpcConfig": lambda value: bool(value.get("SubnetIds") or value.get("SecurityGroupIds")),
}
_TEXT_ONLY = {"LogFormat": "Text"}


@cache
def known_runtimes() -> tuple[str, ...]:
    """Return the runtimes that Lambda's API names."""
    from botocore.session import Session  # noqa: PLC0415 - 30 ms, for the first function only

    shape = Session().get_service_model("lambda").shape_for("Runtime")
    return tuple(shape.metadata["enum"])


def check(world: World, requested: Mapping[str, Any], *, region: str) -> None:
    """Raise LambdaRefusalError for the first of the given parameters that is wrong or not modelled."""
    for name, requests in _UNMODELLED.items():
        value = requested.get(name)
        if value is not None and requests(value):
            raise not_modelled(f"{name} of a Lambda function")
    if requested.get("Runtime"):
        check_runtime(requested["Runtime"])
    if requested.get("Role"):
        check_role(world, requested["Role"], region=region)
    check_variables((requested.get("Environment") or {}).get("Variables") or {})
    check_logging(requested.get("LoggingConfig") or {})


def check_runtime(runtime: str) -> None:
    """Raise LambdaRefusalError for a runtime unknown to AWS, closed there, or that lacks its Node here."""
    known = known_runtimes()
    if runtime not in known:
        raise invalid_parameter(
            f"Value {runtime} at 'runtime' failed to satisfy constraint: "
            f"Member must satisfy enum value set: [{', '.join(known)}] or be a valid ARN"
        )
    if runtime in BLOCKED_RUNTIMES:
        raise invalid_parameter(
            f"The runtime parameter of {runtime} is no longer supported for creating or updating "
            "AWS Lambda functions. We recommend you use a supported runtime "
            "while creating or updating functions."
        )
    if runtime in RUNNABLE:
        try:
            toolchain.find(runtime)
        except ToolchainError as missing:
            raise cannot_run(str(missing)) from missing


def check_role(world: World, role_arn: str, *, region: str) -> None:
    """Raise LambdaRefusalError unless the role is there and trusts Lambda."""
    refusal = invalid_parameter("The role defined for the function cannot be assumed by Lambda.")
    try:
        iam_backends[world.account_id]["aws"].get_role_by_arn(role_arn)
    except NotFoundException:
        raise refusal from None
    question = Question(
        caller=Caller(service="lambda.amazonaws.com"),
        action="sts:AssumeRole",
        resource=role_arn,
        region=region,
    )
    if not world.authorizer.decide(question).allowed:
        raise refusal


def check_variables(variables: Mapping[str, str]) -> None:
    """Raise LambdaRefusalError for variables that Lambda keeps for itself, or more than 4 KB of them."""
    if taken := sorted(RESERVED_VARIABLES.intersection(variables)):
        raise invalid_parameter(
            "Lambda was unable to configure your environment variables because the environment variables you "
            "have provided contains reserved keys that are currently not supported for modification. "
            f"Reserved keys used in this request: {', '.join(taken)}"
        )
    if sum(len(f"{name}{value}".encode()) for name, value in variables.items()) > VARIABLES_LIMIT:
        raise invalid_parameter(
            "Lambda was unable to configure your environment variables because the environment variables you "
            "have provided exceeded the 4KB limit."
        )


def check_logging(logging: Mapping[str, str]) -> None:
    """Raise LambdaRefusalError for structured logs and levels, which only AWS knows how to filter."""
    for name, value in logging.items():
        if name != "LogGroup" and _TEXT_ONLY.get(name) != value:
            raise not_modelled(f"{name} {value} in LoggingConfig of a Lambda function")
