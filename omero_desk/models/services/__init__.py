"""The Services dock: calls, lanes, stateful services."""
