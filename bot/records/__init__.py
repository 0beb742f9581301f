"""A customer's records as a whole: shown, handed over, forgotten."""
