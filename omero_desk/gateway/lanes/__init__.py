"""Lanes: worker threads with a session each, and the policy of their calls."""
