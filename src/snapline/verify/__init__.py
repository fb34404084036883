"""Verification: what a check proves, run in fresh trees, judged by pure tables."""
