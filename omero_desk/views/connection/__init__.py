"""The connection: sign-in, certificates, folders, the state of the connection."""
