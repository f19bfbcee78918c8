"""The words: ids, time, place, policy, lifecycle, facts, errors. Standard library and msgspec only."""
