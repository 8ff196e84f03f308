"""Who calls, what they see, and what they may do."""
