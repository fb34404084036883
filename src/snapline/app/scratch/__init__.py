"""Repositories made for a while, with a state home of their own, where the real commands are shown and put to proof."""
