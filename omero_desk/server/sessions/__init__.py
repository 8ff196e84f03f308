"""Sessions: who is signed in, their clients and open services."""
