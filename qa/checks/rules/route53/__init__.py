"""Rules for Route 53."""
