"""Pure decisions of changing the pack: past decisions again, rows as people look through them."""
