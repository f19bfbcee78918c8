"""Pure decisions of the field tools: what is drawn, what counts, what is shown."""
