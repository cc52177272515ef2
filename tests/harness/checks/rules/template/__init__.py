"""The rules for the template itself, whatever its services."""
