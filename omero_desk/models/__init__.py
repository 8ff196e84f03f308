"""Qt item models and observable state; QtCore only."""
