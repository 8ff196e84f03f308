"""One connection to one server: sign-in, certificates, sessions, keep-alive, reconnecting."""
