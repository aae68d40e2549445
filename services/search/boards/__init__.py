"""The six boards 六大板块 as the home page shows them."""
