"""The outside world's processes: isolation, limits, supervision, and the environments they run in."""
