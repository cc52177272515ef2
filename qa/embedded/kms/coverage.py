"""KMS: keys, grants and multi-Region keys, and what is not modelled."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage, unmodelled

SERVICES = "grants to services by their principal"
ENCLAVES = unmodelled("Nitro enclaves", "Recipient")
SYMMETRIC = unmodelled(
    "data is encrypted under symmetric keys only", "EncryptionAlgorithm", only="SYMMETRIC_DEFAULT"
)
DRY_RUNS = unmodelled("a dry run is judged as it stands", "DryRunModifiers")

COVERAGE = coverage(
    "CancelKeyDeletion CreateAlias CreateGrant CreateKey Decrypt DeleteAlias DescribeKey DisableKey "
    "DisableKeyRotation EnableKey EnableKeyRotation Encrypt GenerateDataKey "
    "GenerateDataKeyWithoutPlaintext GenerateMac GenerateRandom GetKeyPolicy GetKeyRotationStatus "
    "GetPublicKey ListAliases ListGrants ListKeyPolicies ListKeyRotations ListKeys ListResourceTags "
    "ListRetirableGrants PutKeyPolicy ReEncrypt ReplicateKey RetireGrant RevokeGrant RotateKeyOnDemand "
    "ScheduleKeyDeletion Sign TagResource UntagResource UpdateAlias UpdateKeyDescription "
    "UpdatePrimaryRegion Verify VerifyMac",
    refused={
        "custom key stores": (
            "ConnectCustomKeyStore CreateCustomKeyStore DeleteCustomKeyStore DescribeCustomKeyStores "
            "DisconnectCustomKeyStore UpdateCustomKeyStore"
        ),
        "imported key material": "DeleteImportedKeyMaterial GetParametersForImport ImportKeyMaterial",
        "data key pairs": "GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext",
        "key agreement and encapsulation": "Decapsulate DeriveSharedSecret Encapsulate",
        "when a key was last used": "GetKeyLastUsage",
    },
    parameters={
        "CreateKey": (
            *unmodelled("key material comes from KMS", "Origin", only="AWS_KMS"),
            *unmodelled("custom key stores", "CustomKeyStoreId", "XksKeyId"),
            *unmodelled(
                "keys of this spec are not made",
                "KeySpec",
                "CustomerMasterKeySpec",
                only="SYMMETRIC_DEFAULT RSA_2048 RSA_3072 RSA_4096 ECC_NIST_P256 ECC_NIST_P384 ECC_NIST_P521 "
                "ECC_SECG_P256K1 HMAC_224 HMAC_256 HMAC_384 HMAC_512",
            ),
            *unmodelled(
                "keys of this usage are not made",
                "KeyUsage",
                only="ENCRYPT_DECRYPT SIGN_VERIFY GENERATE_VERIFY_MAC",
            ),
        ),
        "CreateKey PutKeyPolicy ReplicateKey": unmodelled(
            "a policy that locks its author out is refused", "BypassPolicyLockoutSafetyCheck"
        ),
        "Encrypt Decrypt": SYMMETRIC,
        "ReEncrypt": unmodelled(
            "data is encrypted under symmetric keys only",
            "SourceEncryptionAlgorithm",
            "DestinationEncryptionAlgorithm",
            only="SYMMETRIC_DEFAULT",
        ),
        "Decrypt ReEncrypt": DRY_RUNS,
        "Decrypt GenerateDataKey GenerateRandom": ENCLAVES,
        "GenerateRandom": unmodelled("custom key stores", "CustomKeyStoreId"),
        "Sign Verify": unmodelled("digests are made here", "MessageType", only="RAW"),
        "CreateGrant": unmodelled(SERVICES, "GranteeServicePrincipal", "RetiringServicePrincipal"),
        "ListGrants": unmodelled(SERVICES, "GranteeServicePrincipal"),
        "ListRetirableGrants": unmodelled(SERVICES, "RetiringServicePrincipal"),
    },
    notes=(
        "Rotation keeps its dates; the material stays the same, which no answer shows.",
        "Grants are in force at once: a grant token is taken and changes nothing.",
    ),
)
