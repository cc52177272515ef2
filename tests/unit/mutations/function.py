"""Mutations for checks 47-54: the transaction processors."""

from __future__ import annotations

from .change import Mutation, drop, either_side, put, replace

SUPPORTED = "test_the_processors_run_on_a_supported_node_22"
SIZED = "test_the_processors_have_a_minute_and_512_megabytes"
EXPORTED = "test_the_inline_code_exports_the_handler"
SOURCE = "test_the_inline_code_is_the_source_file_and_small"
ONCE = "test_the_code_encrypts_and_writes_record_and_document_once"
ENVIRONMENT = "test_the_environment_names_the_regions_own_resources"
LOGGED = "test_each_processor_finds_its_log_group_made_for_it"


def _function(side: str) -> str:
    return f"Resources/{side}TransactionProcessor/Properties"


def _code(side: str) -> str:
    return f"{_function(side)}/Code/ZipFile"


def _variable(side: str, name: str) -> str:
    return f"{_function(side)}/Environment/Variables/{name}"


FUNCTION: tuple[Mutation, ...] = (
    *either_side(SUPPORTED, "nodejs18.x", lambda own, _: put(f"{_function(own)}/Runtime", "nodejs18.x")),
    *either_side(SIZED, "3 seconds", lambda own, _: put(f"{_function(own)}/Timeout", 3)),
    *either_side(SIZED, "128 megabytes", lambda own, _: drop(f"{_function(own)}/MemorySize")),
    *either_side(
        "test_no_function_reserves_concurrency",
        "100 reserved",
        lambda own, _: put(f"{_function(own)}/ReservedConcurrentExecutions", 100),
    ),
    *either_side(
        EXPORTED, "another export", lambda own, _: replace(_code(own), "exports.handler", "exports.handle")
    ),
    *either_side(EXPORTED, "another handler", lambda own, _: put(f"{_function(own)}/Handler", "index.main")),
    *either_side(SOURCE, "an edit of the template", lambda own, _: replace(_code(own), "1e12", "1e13")),
    *either_side(ONCE, "no encryption", lambda own, _: replace(_code(own), "new EncryptCommand(", "Object(")),
    *either_side(
        ONCE,
        "the record written unconditionally",
        lambda own, _: replace(_code(own), "ConditionExpression: 'attribute_not_exists(transactionId)',", ""),
    ),
    *either_side(
        ONCE,
        "the document written again",
        lambda own, _: replace(_code(own), "IfNoneMatch: '*',", "// IfNoneMatch: '*'"),
    ),
    *either_side(ENVIRONMENT, "no bucket", lambda own, _: drop(_variable(own, "BUCKET_NAME"))),
    *either_side(
        ENVIRONMENT,
        "the key by ID",
        lambda own, _: put(_variable(own, "KMS_KEY_ID"), {"Ref": f"{own}KMSKey"}),
    ),
    *either_side(
        ENVIRONMENT,
        "the other region's bucket",
        lambda own, other: put(
            _variable(own, "BUCKET_NAME"),
            {"Fn::Sub": f"documents-{other.lower()}-${{AWS::AccountId}}-${{EnvironmentSuffix}}"},
        ),
    ),
    *either_side(
        ENVIRONMENT,
        "a name that is not set",
        lambda own, _: replace(_code(own), "process.env.TABLE_NAME", "process.env.TABLE"),
    ),
    *either_side(
        LOGGED, "no DependsOn", lambda own, _: drop(f"Resources/{own}TransactionProcessor/DependsOn")
    ),
    *either_side(
        LOGGED,
        "another name",
        lambda own, _: replace(
            f"Resources/{own}TransactionProcessorLogGroup/Properties/LogGroupName/Fn::Sub",
            "lambda",
            "functions",
        ),
    ),
    *either_side(
        LOGGED,
        "kept for ever",
        lambda own, _: drop(f"Resources/{own}TransactionProcessorLogGroup/Properties/RetentionInDays"),
    ),
)
