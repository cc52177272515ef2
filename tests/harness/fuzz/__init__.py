"""Hostile templates by the thousand, through `qa check` and `qa graph`; docs/fuzzing.md tells how."""
