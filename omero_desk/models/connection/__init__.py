"""The connection: addresses, sign-in, presence, and the words for its states."""
