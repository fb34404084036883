"""Judging a candidate against its spec: the packet that a person reads, and the records of what people said."""
