"""What is fast, side by side with its limit. Every script ends with one line of JSON, figures by name."""
