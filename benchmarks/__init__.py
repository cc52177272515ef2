"""What the harness costs, measured: `python -m benchmarks [NAME…]`; docs/benchmarks.md has the figures."""
