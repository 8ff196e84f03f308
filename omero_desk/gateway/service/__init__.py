"""The service manager: every request goes through it, with its retry policy and its journal."""
