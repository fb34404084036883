"""The demo: the main job on a small real repository, done by the real commands."""
