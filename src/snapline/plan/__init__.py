"""The breakdown of a spec: its tasks, their order in waves, and what two of them must not do side by side. Pure."""
