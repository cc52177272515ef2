"""IAM: who there is, and what policies let them do."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage, unmodelled

COVERAGE = coverage(
    "AddRoleToInstanceProfile CreateInstanceProfile DeleteInstanceProfile GetInstanceProfile "
    "ListInstanceProfiles ListInstanceProfilesForRole RemoveRoleFromInstanceProfile "
    "AddUserToGroup AttachGroupPolicy AttachRolePolicy AttachUserPolicy CreateAccessKey CreateGroup "
    "CreatePolicy CreatePolicyVersion CreateRole CreateUser DeleteAccessKey DeleteGroup DeleteGroupPolicy "
    "DeletePolicy DeletePolicyVersion DeleteRole DeleteRolePermissionsBoundary DeleteRolePolicy DeleteUser "
    "DeleteUserPolicy DetachGroupPolicy DetachRolePolicy DetachUserPolicy GetAccountAuthorizationDetails "
    "GetAccountSummary GetContextKeysForCustomPolicy GetContextKeysForPrincipalPolicy GetGroup "
    "GetGroupPolicy GetPolicy GetPolicyVersion GetRole GetRolePolicy GetUser GetUserPolicy ListAccessKeys "
    "ListAccountAliases ListAttachedGroupPolicies ListAttachedRolePolicies ListAttachedUserPolicies "
    "ListEntitiesForPolicy ListGroupPolicies ListGroups ListGroupsForUser ListPolicies ListPolicyVersions "
    "ListRolePolicies ListRoleTags ListRoles ListUserPolicies ListUserTags ListUsers PutGroupPolicy "
    "PutRolePermissionsBoundary PutRolePolicy PutUserPolicy RemoveUserFromGroup SetDefaultPolicyVersion "
    "SimulateCustomPolicy SimulatePrincipalPolicy TagRole TagUser UntagRole UntagUser UpdateAccessKey "
    "UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription UpdateUser",
    refused={
        "tags of instance profiles": ("ListInstanceProfileTags TagInstanceProfile UntagInstanceProfile"),
        "permissions boundaries of users": "DeleteUserPermissionsBoundary PutUserPermissionsBoundary",
        "signing in to the console, passwords and MFA": (
            "ChangePassword CreateLoginProfile CreateVirtualMFADevice DeactivateMFADevice "
            "DeleteAccountPasswordPolicy DeleteLoginProfile DeleteVirtualMFADevice EnableMFADevice "
            "GetAccountPasswordPolicy GetLoginProfile GetMFADevice ListMFADeviceTags ListMFADevices "
            "ListVirtualMFADevices ResyncMFADevice TagMFADevice UntagMFADevice UpdateAccountPasswordPolicy "
            "UpdateLoginProfile"
        ),
        "identity providers": (
            "AddClientIDToOpenIDConnectProvider CreateOpenIDConnectProvider CreateSAMLProvider "
            "DeleteOpenIDConnectProvider DeleteSAMLProvider GetOpenIDConnectProvider GetSAMLProvider "
            "ListOpenIDConnectProviderTags ListOpenIDConnectProviders ListSAMLProviderTags "
            "ListSAMLProviders RemoveClientIDFromOpenIDConnectProvider TagOpenIDConnectProvider "
            "TagSAMLProvider UntagOpenIDConnectProvider UntagSAMLProvider "
            "UpdateOpenIDConnectProviderThumbprint UpdateSAMLProvider"
        ),
        "certificates, SSH keys and credentials of single services": (
            "CreateServiceSpecificCredential DeleteSSHPublicKey DeleteServerCertificate "
            "DeleteServiceSpecificCredential DeleteSigningCertificate GetSSHPublicKey GetServerCertificate "
            "ListSSHPublicKeys ListServerCertificateTags ListServerCertificates "
            "ListServiceSpecificCredentials ListSigningCertificates ResetServiceSpecificCredential "
            "TagServerCertificate UntagServerCertificate UpdateSSHPublicKey UpdateServerCertificate "
            "UpdateServiceSpecificCredential UpdateSigningCertificate UploadSSHPublicKey "
            "UploadServerCertificate UploadSigningCertificate"
        ),
        "service-linked roles": (
            "CreateServiceLinkedRole DeleteServiceLinkedRole GetServiceLinkedRoleDeletionStatus"
        ),
        "reports of access": (
            "GenerateCredentialReport GenerateOrganizationsAccessReport GenerateServiceLastAccessedDetails "
            "GetAccessKeyLastUsed GetCredentialReport GetHumanReadableSummary GetOrganizationsAccessReport "
            "GetServiceLastAccessedDetails GetServiceLastAccessedDetailsWithEntities "
            "ListPoliciesGrantingServiceAccess"
        ),
        "organizations": (
            "DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions "
            "EnableOrganizationsRootCredentialsManagement EnableOrganizationsRootSessions "
            "ListOrganizationsFeatures"
        ),
        "delegation requests and role templates": (
            "AcceptDelegationRequest AcquireRole AssociateDelegationRequest CreateDelegationRequest "
            "GetDelegationRequest GetRoleTemplateVersion ListDelegationRequests RejectDelegationRequest "
            "SendDelegationToken UpdateDelegationRequest"
        ),
        "settings of the account": (
            "CreateAccountAlias DeleteAccountAlias DisableOutboundWebIdentityFederation "
            "EnableOutboundWebIdentityFederation GetAccountProperties GetOutboundWebIdentityFederationInfo "
            "PutAccountProperties SetSecurityTokenServicePreferences"
        ),
        "renaming groups": "UpdateGroup",
        "tags of policies": "ListPolicyTags TagPolicy UntagPolicy",
    },
    parameters={
        "CreateUser": unmodelled("permissions boundaries of users", "PermissionsBoundary"),
        "SimulateCustomPolicy": unmodelled(
            "there is one account, outside an organization",
            "OrderedOrganizationPolicyInputList",
            "ResourceOwner",
        ),
        "SimulatePrincipalPolicy": unmodelled(
            "there is one account, outside an organization",
            "ResourceOwner",
        )
        + unmodelled("all policies of the principal are looked at", "PolicyExclusionList"),
    },
    notes=(
        "Instance profiles hold their role; there are no instances.",
        "There is one account, outside an organization: no service control policies.",
        "AWS's managed policies are there with their documents, and ListPolicies has those that were named.",
    ),
)
