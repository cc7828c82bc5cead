"""Ratios measured in one run, against what else one might use. Never a test; see bench/README.md."""
