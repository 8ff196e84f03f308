"""Ice's end of the server: addresses, the router, servants and their errors."""
