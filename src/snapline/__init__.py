"""Snapline: the spec, not the prompt, is the unit of work for people and AI agents."""

__version__ = "0.1.0"
