"""Loads every module that Slice generated."""
