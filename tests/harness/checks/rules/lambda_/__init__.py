"""The rules for Lambda."""
