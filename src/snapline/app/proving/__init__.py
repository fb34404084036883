"""The proof: known attacks, run against this machine's tier and a lane's settings in a scratch repository."""
