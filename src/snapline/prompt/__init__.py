"""The text that an agent gets, rendered from a revision for one attempt. Pure."""
