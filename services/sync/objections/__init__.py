"""Objections 数据异议: somebody says that a record of a city is wrong; the city is told, and corrects it or says why not."""
