"""The tantivy index of one replica: how items are written to it and how questions are answered from it."""
