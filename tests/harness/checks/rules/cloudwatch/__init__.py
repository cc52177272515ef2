"""The rules for CloudWatch."""
