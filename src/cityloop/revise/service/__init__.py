"""Use cases of changing the pack: try, draft, propose, decide."""
