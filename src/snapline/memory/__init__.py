"""What one attempt leaves to the next."""
