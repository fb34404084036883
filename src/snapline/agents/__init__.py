"""Whoever does an attempt: profiles of agents, how each is started, and the scripted agent that ships."""
