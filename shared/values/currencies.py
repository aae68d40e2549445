"""The currencies in which cities state amounts."""

from shared.values.open_sets import OpenSet


class Currency(OpenSet):
    """By the codes of ISO 4217."""

    CNY = "CNY", "人民币"
    USD = "USD", "美元"
    EUR = "EUR", "欧元"
    HKD = "HKD", "港元"
    JPY = "JPY", "日元"
    GBP = "GBP", "英镑"
