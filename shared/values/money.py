"""Money: integer fen in contracts and documents, yuan in sentences."""


def yuan(fen: int) -> str:
    """The amount for people: 300000000 → `3,000,000 元`, 150 → `1.50 元`."""
    sign, (whole, rest) = "-" if fen < 0 else "", divmod(abs(fen), 100)
    return f"{sign}{whole:,}{f'.{rest:02}' if rest else ''} 元"
