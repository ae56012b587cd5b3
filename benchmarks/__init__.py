"""What `make bench` runs; docs/benchmarks.md says what is measured and how."""
