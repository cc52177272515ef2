"""S3: buckets and objects under versions, keys, policies and replication."""

from __future__ import annotations

from qa.embedded.service.coverage import coverage, unmodelled
from qa.embedded.settings import ACCOUNT_ID

OWNERS = unmodelled(f"every bucket is account {ACCOUNT_ID}'s", "ExpectedBucketOwner", only=ACCOUNT_ID)
OWN_KEYS = unmodelled(
    "encryption under keys that the client keeps",
    "SSECustomerAlgorithm",
    "SSECustomerKey",
    "SSECustomerKeyMD5",
)
NEW_OBJECTS = (
    *unmodelled(
        "objects are never locked",
        "ObjectLockMode",
        "ObjectLockRetainUntilDate",
        "ObjectLockLegalHoldStatus",
        "ObjectLockEventHold",
        "ObjectLockEventHoldDurationDays",
        "ObjectLockEventHoldDurationYears",
    ),
    *unmodelled(
        "objects are read at once",
        "StorageClass",
        only="STANDARD STANDARD_IA ONEZONE_IA INTELLIGENT_TIERING REDUCED_REDUNDANCY",
    ),
    *unmodelled("web sites", "WebsiteRedirectLocation"),
    *unmodelled("an encryption context of the client's", "SSEKMSEncryptionContext"),
)
BUCKET_READERS = (
    "GetBucketAccelerateConfiguration GetBucketAcl GetBucketCors GetBucketEncryption "
    "GetBucketLifecycleConfiguration GetBucketLocation GetBucketLogging "
    "GetBucketNotificationConfiguration GetBucketOwnershipControls GetBucketPolicy GetBucketPolicyStatus "
    "GetBucketReplication GetBucketRequestPayment GetBucketTagging GetBucketVersioning GetBucketWebsite "
    "GetObjectLockConfiguration GetPublicAccessBlock HeadBucket ListMultipartUploads ListObjectVersions "
    "ListObjects ListObjectsV2"
)
BUCKET_WRITERS = (
    "DeleteBucket DeleteBucketEncryption DeleteBucketOwnershipControls DeleteBucketPolicy "
    "DeleteBucketReplication DeleteBucketTagging DeletePublicAccessBlock PutBucketAcl PutBucketEncryption "
    "PutBucketOwnershipControls PutBucketPolicy PutBucketReplication PutBucketTagging PutBucketVersioning "
    "PutPublicAccessBlock"
)
OBJECT_OPERATIONS = (
    "AbortMultipartUpload CompleteMultipartUpload CopyObject CreateMultipartUpload DeleteObject "
    "DeleteObjectTagging DeleteObjects GetObject GetObjectAcl GetObjectAttributes GetObjectTagging "
    "HeadObject ListParts PutObject PutObjectAcl PutObjectTagging UploadPart UploadPartCopy"
)

COVERAGE = coverage(
    f"{BUCKET_READERS} {BUCKET_WRITERS} {OBJECT_OPERATIONS} CreateBucket ListBuckets",
    refused={
        "life cycles: no object ever expires or moves": (
            "DeleteBucketLifecycle GetBucketLifecycle PutBucketLifecycle PutBucketLifecycleConfiguration"
        ),
        "object locks and legal holds": (
            "GetObjectLegalHold GetObjectRetention PutObjectLegalHold PutObjectLockConfiguration "
            "PutObjectRetention"
        ),
        "notifications": "GetBucketNotification PutBucketNotification PutBucketNotificationConfiguration",
        "cross-origin access": (
            "BucketCORSPreflightCheck DeleteBucketCors ObjectCORSPreflightCheck PutBucketCors"
        ),
        "uploads by a browser's form": "PostObject",
        "web sites": "DeleteBucketWebsite PutBucketWebsite",
        "access logs": "PutBucketLogging",
        "transfer acceleration and requester pays": (
            "PutBucketAccelerateConfiguration PutBucketRequestPayment"
        ),
        "analytics, inventories, metrics and tiering": (
            "DeleteBucketAnalyticsConfiguration DeleteBucketIntelligentTieringConfiguration "
            "DeleteBucketInventoryConfiguration DeleteBucketMetricsConfiguration "
            "GetBucketAnalyticsConfiguration GetBucketIntelligentTieringConfiguration "
            "GetBucketInventoryConfiguration GetBucketMetricsConfiguration "
            "ListBucketAnalyticsConfigurations ListBucketIntelligentTieringConfigurations "
            "ListBucketInventoryConfigurations ListBucketMetricsConfigurations "
            "PutBucketAnalyticsConfiguration PutBucketIntelligentTieringConfiguration "
            "PutBucketInventoryConfiguration PutBucketMetricsConfiguration"
        ),
        "tables of metadata and annotations": (
            "CreateBucketMetadataConfiguration CreateBucketMetadataTableConfiguration "
            "DeleteBucketMetadataConfiguration DeleteBucketMetadataTableConfiguration "
            "DeleteObjectAnnotation GetBucketMetadataConfiguration GetBucketMetadataTableConfiguration "
            "GetObjectAnnotation ListObjectAnnotations PutObjectAnnotation "
            "UpdateBucketMetadataAnnotationTableConfiguration "
            "UpdateBucketMetadataInventoryTableConfiguration UpdateBucketMetadataJournalTableConfiguration"
        ),
        "access by attributes": "GetBucketAbac PutBucketAbac",
        "directory buckets": "CreateSession ListDirectoryBuckets RenameObject",
        "archives": "RestoreObject",
        "queries in objects, torrents, Object Lambda": (
            "GetObjectTorrent SelectObjectContent WriteGetObjectResponse"
        ),
        "another key for an object that is there": "UpdateObjectEncryption",
    },
    parameters={
        f"{BUCKET_READERS} {BUCKET_WRITERS} {OBJECT_OPERATIONS}": OWNERS,
        "UploadPartCopy CopyObject": unmodelled(
            f"every bucket is account {ACCOUNT_ID}'s", "ExpectedSourceBucketOwner", only=ACCOUNT_ID
        )
        + unmodelled(
            "encryption under keys that the client keeps",
            "CopySourceSSECustomerAlgorithm",
            "CopySourceSSECustomerKey",
            "CopySourceSSECustomerKeyMD5",
        ),
        "CopyObject UploadPartCopy": unmodelled(
            "conditions on a source go by its ETag",
            "CopySourceIfModifiedSince",
            "CopySourceIfUnmodifiedSince",
        ),
        "CopyObject": unmodelled("annotations", "AnnotationDirective")
        + unmodelled("copies are made on no condition", "IfMatch", "IfNoneMatch"),
        "AbortMultipartUpload": unmodelled("uploads are ended on no condition", "IfMatchInitiatedTime"),
        "PutBucketReplication": unmodelled("objects are never locked", "Token"),
        "CreateMultipartUpload PutObject UploadPart": unmodelled(
            "checksums of these kinds are not computed",
            "ChecksumAlgorithm",
            only="CRC32 CRC32C CRC64NVME MD5 SHA1 SHA256 SHA512",
        ),
        "PutObject UploadPart": unmodelled(
            "checksums of these kinds are not computed",
            "ChecksumXXHASH64",
            "ChecksumXXHASH3",
            "ChecksumXXHASH128",
        ),
        "CreateMultipartUpload CopyObject PutObject": NEW_OBJECTS,
        "PutObject": unmodelled("objects are written whole", "WriteOffsetBytes"),
        "CreateMultipartUpload CopyObject GetObject GetObjectAttributes HeadObject PutObject UploadPart "
        "UploadPartCopy": OWN_KEYS,
        "CreateBucket": (
            *unmodelled("objects are never locked", "ObjectLockEnabledForBucket"),
            *unmodelled(
                "directory buckets",
                "CreateBucketConfiguration.Location",
                "CreateBucketConfiguration.Bucket",
            ),
            *unmodelled("bucket names of an account's own", "BucketNamespace", only="global"),
        ),
        "PutBucketVersioning": unmodelled("MFA", "MFA", "VersioningConfiguration.MFADelete", only="Disabled"),
        "DeleteObject DeleteObjects": unmodelled("MFA", "MFA"),
        "DeleteObject": unmodelled(
            "deletions on a condition", "IfMatch", "IfMatchLastModifiedTime", "IfMatchSize"
        ),
    },
    notes=(
        (
            "Replication itself refuses rules of version 1, delete markers, several destinations and "
            "what else it lacks, each by name; so does encryption aws:kms:dsse."
        ),
        "Bytes are kept in the clear; who may read them is decided as if they were encrypted.",
        "MpuObjectSize of CompleteMultipartUpload is not compared.",
        "What cannot be put (life cycle, notifications, …) is reported as absent.",
    ),
)
