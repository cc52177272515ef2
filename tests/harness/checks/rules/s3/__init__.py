"""The rules for S3."""
