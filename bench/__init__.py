"""Benchmarks: each beside a baseline in the same run. They report; they never pass or fail."""
