"""S3: buckets of a region, encryption by KMS for the caller, and replication between regions."""

from __future__ import annotations

import moto.s3.models
import moto.s3.responses

from qa.embedded.patches import replacement

from . import access, answers, chunks, store, validation
from .digests import compute_checksum
from .policies import is_public
from .refusals import S3RefusalError
from .replication import status_of

__all__ = ["PATCHES", "S3RefusalError", "is_public", "status_of"]

PATCHES = (
    *access.PATCHES,
    *store.PATCHES,
    *answers.PATCHES,
    *chunks.PATCHES,
    *validation.PATCHES,
    *[
        replacement(module, "compute_checksum", "body, algorithm, encode_base64", compute_checksum)
        for module in (moto.s3.models, moto.s3.responses)
    ],
)
