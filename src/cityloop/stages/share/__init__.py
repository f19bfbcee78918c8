"""享: who may use which data, under which contract. Not built yet."""
