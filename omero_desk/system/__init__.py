"""The application's dealings with the system and Python: settings, folders, log, passwords, processes, garbage."""
