"""What attacks on the input of an embedded AWS cost it, measured."""
