"""The SQL of causes and effects."""
