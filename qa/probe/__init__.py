"""One module per service: asks AWS one question per function, never judges."""
