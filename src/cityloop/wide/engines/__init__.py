"""The engines that run the one set of expressions: DuckDB over the archive, PostgreSQL, Spark."""
