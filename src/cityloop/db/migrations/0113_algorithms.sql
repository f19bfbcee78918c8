-- Which digest and signature a log has: a city may choose SM3 and SM2, from a new log on. NULL is sha256+ed25519.
ALTER TABLE origin ADD COLUMN alg {text};
