"""The SQL of changing the pack: trials; drafts, versions and proposals."""
