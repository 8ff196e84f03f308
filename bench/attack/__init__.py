"""Attacks on a server of its own: all kinds that ever worked, and a fuzzer."""
