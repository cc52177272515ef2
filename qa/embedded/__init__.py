"""The embedded AWS: moto and what it lacks, as a server of its own on 127.0.0.1."""
