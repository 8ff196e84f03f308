"""The Services dock."""
