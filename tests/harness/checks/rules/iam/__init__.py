"""The rules for IAM."""
