"""Everything that touches git: the user's repository, the vault, workspaces, intake, landing and records."""
