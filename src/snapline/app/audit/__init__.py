"""The audit: walks the ledgers, the checkpoints, every attestation and every artefact, and names what does not hold."""
