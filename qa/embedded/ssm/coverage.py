"""Parameter Store: parameters with versions, and what is not modelled of Systems Manager."""

from __future__ import annotations

import re

from qa.embedded.service.coverage import Parameter, coverage, unmodelled

# a name or an ARN, with the number of a version; what has more colons AWS refuses by itself
NUMBERED = re.compile(r"(arn(:[^:]*){4}:)?[^:]*(:\d+)?|(?!arn:)[^:]*(:[^:]*){2,}")
OWN = re.compile(r"(?!/aws/).*", re.DOTALL)
LABELS = "labels of versions; use their numbers"
PUBLIC = "the public parameters of AWS"

COVERAGE = coverage(
    "AddTagsToResource DeleteParameter DeleteParameters DescribeParameters GetParameter GetParameters "
    "GetParametersByPath ListTagsForResource PutParameter RemoveTagsFromResource",
    refused={
        "history and labels of versions": (
            "GetParameterHistory LabelParameterVersion UnlabelParameterVersion"
        ),
        "maintenance windows": (
            "CancelMaintenanceWindowExecution CreateMaintenanceWindow DeleteMaintenanceWindow "
            "DeregisterTargetFromMaintenanceWindow DeregisterTaskFromMaintenanceWindow "
            "DescribeMaintenanceWindowExecutionTaskInvocations DescribeMaintenanceWindowExecutionTasks "
            "DescribeMaintenanceWindowExecutions DescribeMaintenanceWindowSchedule "
            "DescribeMaintenanceWindowTargets DescribeMaintenanceWindowTasks DescribeMaintenanceWindows "
            "DescribeMaintenanceWindowsForTarget GetMaintenanceWindow GetMaintenanceWindowExecution "
            "GetMaintenanceWindowExecutionTask GetMaintenanceWindowExecutionTaskInvocation "
            "GetMaintenanceWindowTask RegisterTargetWithMaintenanceWindow "
            "RegisterTaskWithMaintenanceWindow UpdateMaintenanceWindow UpdateMaintenanceWindowTarget "
            "UpdateMaintenanceWindowTask"
        ),
        "patches": (
            "CreatePatchBaseline DeletePatchBaseline DeregisterPatchBaselineForPatchGroup "
            "DescribeAvailablePatches DescribeEffectivePatchesForPatchBaseline "
            "DescribeInstancePatchStates DescribeInstancePatchStatesForPatchGroup DescribeInstancePatches "
            "DescribePatchBaselines DescribePatchGroupState DescribePatchGroups DescribePatchProperties "
            "GetDefaultPatchBaseline GetDeployablePatchSnapshotForInstance GetPatchBaseline "
            "GetPatchBaselineForPatchGroup RegisterDefaultPatchBaseline "
            "RegisterPatchBaselineForPatchGroup UpdatePatchBaseline"
        ),
        "OpsCenter": (
            "AssociateOpsItemRelatedItem CreateOpsItem CreateOpsMetadata DeleteOpsItem DeleteOpsMetadata "
            "DescribeOpsItems DisassociateOpsItemRelatedItem GetOpsItem GetOpsMetadata GetOpsSummary "
            "ListOpsItemEvents ListOpsItemRelatedItems ListOpsMetadata UpdateOpsItem UpdateOpsMetadata"
        ),
        "automations and change requests": (
            "DescribeAutomationExecutions DescribeAutomationStepExecutions GetAutomationExecution "
            "GetCalendarState GetExecutionPreview SendAutomationSignal StartAutomationExecution "
            "StartChangeRequestExecution StartExecutionPreview StopAutomationExecution"
        ),
        "documents": (
            "CreateDocument DeleteDocument DescribeDocument DescribeDocumentPermission GetDocument "
            "ListDocumentMetadataHistory ListDocumentVersions ListDocuments ModifyDocumentPermission "
            "UpdateDocument UpdateDocumentDefaultVersion UpdateDocumentMetadata"
        ),
        "associations of State Manager": (
            "CreateAssociation CreateAssociationBatch DeleteAssociation DescribeAssociation "
            "DescribeAssociationExecutionTargets DescribeAssociationExecutions "
            "DescribeEffectiveInstanceAssociations DescribeInstanceAssociationsStatus "
            "ListAssociationVersions ListAssociations StartAssociationsOnce UpdateAssociation "
            "UpdateAssociationStatus"
        ),
        "commands and sessions": (
            "CancelCommand DescribeSessions GetAccessToken GetCommandInvocation GetConnectionStatus "
            "ListCommandInvocations ListCommands ResumeSession SendCommand StartAccessRequest "
            "StartSession TerminateSession"
        ),
        "managed nodes, their inventory and compliance": (
            "CreateActivation CreateResourceDataSync DeleteActivation DeleteInventory "
            "DeleteResourceDataSync DeregisterDefaultHostManagementConfiguration "
            "DeregisterManagedInstance DescribeActivations DescribeInstanceInformation "
            "DescribeInstanceProperties DescribeInventoryDeletions GetInventory GetInventorySchema "
            "ListComplianceItems ListComplianceSummaries ListInventoryEntries ListNodes ListNodesSummary "
            "ListResourceComplianceSummaries ListResourceDataSync PutComplianceItems PutInventory "
            "RegisterDefaultHostManagementConfiguration UpdateManagedInstanceRole UpdateResourceDataSync"
        ),
        "cloud connectors": (
            "CreateCloudConnector DeleteCloudConnector GetCloudConnector ListCloudConnectors "
            "UpdateCloudConnector ValidateCloudConnector"
        ),
        "shared parameters": ("DeleteResourcePolicy GetResourcePolicies PutResourcePolicy"),
        "settings of the service: Intelligent-Tiering is requested by each parameter": (
            "GetServiceSetting ResetServiceSetting UpdateServiceSetting"
        ),
    },
    parameters={
        "GetParameter": (
            Parameter(path="Name", why=LABELS, pattern=NUMBERED),
            Parameter(path="Name", why=PUBLIC, pattern=OWN),
        ),
        "GetParameters": (
            Parameter(path="Names", why=LABELS, pattern=NUMBERED),
            Parameter(path="Names", why=PUBLIC, pattern=OWN),
        ),
        "GetParametersByPath": (
            Parameter(path="Path", why=PUBLIC, pattern=OWN),
            *unmodelled("paths alone choose", "ParameterFilters"),
        ),
        "DescribeParameters": (
            *unmodelled("use ParameterFilters", "Filters"),
            *unmodelled("shared parameters", "Shared"),
        ),
        "PutParameter": (
            *unmodelled("policies: no parameter expires or reports its age", "Policies"),
            *unmodelled("images", "DataType", never="aws:ec2:image aws:ssm:integration"),
        ),
        "AddTagsToResource ListTagsForResource RemoveTagsFromResource": unmodelled(
            "only parameters are modelled", "ResourceType", only="Parameter"
        ),
    },
    notes=(
        (
            "A SecureString is sealed and opened with the caller's rights on the key, by the key itself "
            "(standard tier) or a data key (advanced tier)."
        ),
    ),
)
