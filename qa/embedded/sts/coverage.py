"""STS: sessions of roles, and who calls."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage, unmodelled

COVERAGE = coverage(
    "AssumeRole GetAccessKeyInfo GetCallerIdentity",
    refused={
        "credentials without a role; take AssumeRole or an access key of a user": (
            "AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot GetDelegatedAccessToken "
            "GetFederationToken GetSessionToken GetWebIdentityToken"
        ),
        "encoded messages": "DecodeAuthorizationMessage",
    },
    parameters={
        "AssumeRole": unmodelled(
            "MFA and identity contexts", "SerialNumber", "TokenCode", "ProvidedContexts"
        ),
    },
    notes=("Session policies, session tags and source identities are refused by the policies' judge.",),
)
