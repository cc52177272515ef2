"""Rules for the template itself, whatever its services."""
