"""pytest-qt, as far as the project calls it; its own keyboard, mouse and model tester are without types."""
