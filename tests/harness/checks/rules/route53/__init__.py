"""The rules for Route 53."""
