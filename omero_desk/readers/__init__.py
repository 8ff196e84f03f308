"""The readers that models ask: each turns one question into a call on a lane of the service manager."""
