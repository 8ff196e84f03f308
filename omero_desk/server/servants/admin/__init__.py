"""The services about users, groups, sessions and configuration."""
