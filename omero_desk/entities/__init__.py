"""The frozen types and errors that every layer may import; nothing here does any work or holds a connection."""
