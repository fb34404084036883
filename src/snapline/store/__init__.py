"""The store: tasks and runs, the ledger of what happened, evidence by content, and results of checks."""
