"""The rules for KMS."""
