"""Callers, the rows that they may see, and their rights."""
