"""The template of the stack, parsed and read as data."""
