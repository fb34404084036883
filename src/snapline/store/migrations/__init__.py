"""The numbered migrations of the store, one module each: ``REASON`` and ``STATEMENTS``."""
