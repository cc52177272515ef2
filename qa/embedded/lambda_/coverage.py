"""Lambda: functions that run for real, and what is not modelled around them."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage, unmodelled

REVISIONS = unmodelled("revisions are not compared", "RevisionId")

COVERAGE = coverage(
    "AddPermission CreateAlias CreateFunction DeleteAlias DeleteFunction DeleteFunctionConcurrency "
    "DeleteFunctionEventInvokeConfig GetAlias GetFunction GetFunctionConcurrency GetFunctionConfiguration "
    "GetFunctionEventInvokeConfig GetPolicy Invoke ListAliases ListFunctions ListTags "
    "ListVersionsByFunction PublishVersion PutFunctionConcurrency PutFunctionEventInvokeConfig "
    "RemovePermission TagResource UntagResource UpdateAlias UpdateFunctionCode "
    "UpdateFunctionConfiguration UpdateFunctionEventInvokeConfig",
    refused={
        "event source mappings: nothing polls": (
            "CreateEventSourceMapping DeleteEventSourceMapping GetEventSourceMapping "
            "ListEventSourceMappings UpdateEventSourceMapping"
        ),
        "function URLs": (
            "CreateFunctionUrlConfig DeleteFunctionUrlConfig GetFunctionUrlConfig ListFunctionUrlConfigs "
            "UpdateFunctionUrlConfig"
        ),
        "layers": (
            "AddLayerVersionPermission DeleteLayerVersion GetLayerVersion GetLayerVersionByArn "
            "GetLayerVersionPolicy ListLayerVersions ListLayers PublishLayerVersion "
            "RemoveLayerVersionPermission"
        ),
        "provisioned concurrency": (
            "DeleteProvisionedConcurrencyConfig GetProvisionedConcurrencyConfig "
            "ListProvisionedConcurrencyConfigs PutProvisionedConcurrencyConfig"
        ),
        "code signing": (
            "CreateCodeSigningConfig DeleteCodeSigningConfig DeleteFunctionCodeSigningConfig "
            "GetCodeSigningConfig GetFunctionCodeSigningConfig ListCodeSigningConfigs "
            "ListFunctionsByCodeSigningConfig PutFunctionCodeSigningConfig UpdateCodeSigningConfig"
        ),
        "capacity providers and scaling settings": (
            "CreateCapacityProvider DeleteCapacityProvider GetCapacityProvider GetFunctionScalingConfig "
            "ListCapacityProviders ListFunctionVersionsByCapacityProvider PutFunctionScalingConfig "
            "UpdateCapacityProvider"
        ),
        "durable executions": (
            "CheckpointDurableExecution DeleteDurableExecution GetDurableExecution "
            "GetDurableExecutionHistory GetDurableExecutionState ListDurableExecutionsByFunction "
            "PauseDurableExecution ResumeDurableExecution SendDurableExecutionCallbackFailure "
            "SendDurableExecutionCallbackHeartbeat SendDurableExecutionCallbackSuccess StopDurableExecution"
        ),
        "response streaming": "InvokeWithResponseStream",
        "InvokeAsync, which AWS deprecated; use Invoke with InvocationType Event": "InvokeAsync",
        "settings of runtimes and recursion": (
            "GetFunctionRecursionConfig GetRuntimeManagementConfig PutFunctionRecursionConfig "
            "PutRuntimeManagementConfig"
        ),
        "policies put as a whole": "DeleteResourcePolicy GetResourcePolicy PutResourcePolicy",
        "the account's quotas and usage": "GetAccountSettings",
        "a list of event settings": "ListFunctionEventInvokeConfigs",
    },
    parameters={
        "Invoke": (
            *unmodelled("functions are not divided by tenants", "TenantId"),
            *unmodelled("durable executions", "DurableExecutionName"),
        ),
        "CreateFunction UpdateFunctionConfiguration": (
            *unmodelled("capacity providers", "CapacityProviderConfig", "AcceleratorConfig"),
            *unmodelled("durable executions", "DurableConfig"),
            *unmodelled("settings of runtimes", "RuntimeConfig"),
        ),
        "CreateFunction UpdateFunctionCode PublishVersion": unmodelled(
            "versions published elsewhere than in $LATEST", "PublishTo"
        ),
        "CreateFunction": unmodelled("functions are not divided by tenants", "TenancyConfig")
        + unmodelled("packages are kept by Lambda itself", "Code.S3ObjectStorageMode")
        + unmodelled("packages are not encrypted", "Code.SourceKMSKeyArn"),
        "UpdateFunctionCode": unmodelled("packages are kept by Lambda itself", "S3ObjectStorageMode")
        + unmodelled("packages are not encrypted", "SourceKMSKeyArn"),
        "UpdateFunctionCode UpdateFunctionConfiguration PublishVersion": REVISIONS,
        "CreateAlias UpdateAlias": unmodelled("an alias is one version", "RoutingConfig"),
        "AddPermission RemovePermission UpdateAlias": REVISIONS,
        "PublishVersion": unmodelled("digests are not compared", "CodeSha256"),
        "AddPermission": unmodelled("organizations", "PrincipalOrgID")
        + unmodelled("function URLs", "FunctionUrlAuthType", "InvokedViaFunctionUrl")
        + unmodelled("Alexa", "EventSourceToken"),
    },
    notes=(
        "A function of a runtime other than nodejs22.x and nodejs24.x is refused when it is invoked.",
        "What is refused of a function's configuration stands in docs/embedded-lambda.md.",
    ),
)
