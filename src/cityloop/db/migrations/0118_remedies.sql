-- Which proposal of "where and why" a trial tries, as JSON; NULL: one of a draft that a person wrote.
ALTER TABLE pack_trial ADD COLUMN remedy {text};

-- What a measure is, in words, which lie in the vault.
ALTER TABLE measure ADD COLUMN note {text};
