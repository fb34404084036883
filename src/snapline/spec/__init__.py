"""The spec language: text to model and back. Pure: no I/O, no clock."""
