"""The window on a small library of two people, signed in as ada."""

from tests.views.annotations.conftest import desk, lab, labs

__all__ = ["desk", "lab", "labs"]
