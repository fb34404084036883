"""Carrying out the failure plan: what rollback means for a spec, its steps, and what it proved."""
