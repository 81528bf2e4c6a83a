-- fingerprint: of the model's weights when the picture was ordered; NULL where it was ordered by an earlier version.

ALTER TABLE picture ADD COLUMN fingerprint TEXT;
