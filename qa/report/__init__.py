"""Results of a run as a terminal summary and JUnit properties."""
