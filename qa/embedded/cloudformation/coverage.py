"""CloudFormation: stacks and change sets; its package answers every operation, by a refusal if need be."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage

COVERAGE = coverage(
    "CreateChangeSet CreateStack DeleteChangeSet DeleteStack DescribeChangeSet DescribeStackEvents "
    "DescribeStackResource DescribeStackResources DescribeStacks ExecuteChangeSet GetTemplate "
    "GetTemplateSummary ListChangeSets ListExports ListImports ListStackResources ListStacks UpdateStack "
    "UpdateTerminationProtection ValidateTemplate",
    refused={
        "cancelling and continuing what goes on": "CancelUpdateStack ContinueUpdateRollback RollbackStack",
        "drift detection": (
            "DescribeStackDriftDetectionStatus DescribeStackResourceDrifts DetectStackDrift "
            "DetectStackResourceDrift"
        ),
        "stack sets": (
            "CreateStackInstances CreateStackSet DeleteStackInstances DeleteStackSet DescribeStackInstance "
            "DescribeStackSet DescribeStackSetOperation DetectStackSetDrift ImportStacksToStackSet "
            "ListStackInstanceResourceDrifts ListStackInstances ListStackSetAutoDeploymentTargets "
            "ListStackSetOperationResults ListStackSetOperations ListStackSets StopStackSetOperation "
            "UpdateStackInstances UpdateStackSet"
        ),
        "hooks, modules and types of one's own": (
            "ActivateType BatchDescribeTypeConfigurations DeactivateType DeregisterType "
            "DescribeChangeSetHooks DescribePublisher DescribeType DescribeTypeRegistration GetHookResult "
            "ListHookResults ListTypeRegistrations ListTypeVersions ListTypes PublishType "
            "RecordHandlerProgress RegisterPublisher RegisterType SetTypeConfiguration "
            "SetTypeDefaultVersion TestType"
        ),
        "aliases of types": "RemoveAlias SetAlias",
        "moving resources between stacks": (
            "CreateStackRefactor DescribeStackRefactor ExecuteStackRefactor ListStackRefactorActions "
            "ListStackRefactors"
        ),
        "templates made from what is there": (
            "CreateGeneratedTemplate DeleteGeneratedTemplate DescribeGeneratedTemplate "
            "DescribeResourceScan GetGeneratedTemplate ListGeneratedTemplates "
            "ListResourceScanRelatedResources ListResourceScanResources ListResourceScans "
            "StartResourceScan UpdateGeneratedTemplate"
        ),
        "stack policies": "GetStackPolicy SetStackPolicy",
        "signals": "SignalResource",
        "organizations": (
            "ActivateOrganizationsAccess DeactivateOrganizationsAccess DescribeOrganizationsAccess"
        ),
        "limits and prices": "DescribeAccountLimits EstimateTemplateCost",
        "events of operations; use those of stacks": "DescribeEvents",
    },
    notes=("Refusals are UnsupportedOperation with HTTP 400; docs/embedded-cloudformation.md has the rest.",),
)
