-- How often the work was taken up again after its process had died or hung; after a few times it is given up.

ALTER TABLE picture ADD COLUMN revived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN revived INTEGER NOT NULL DEFAULT 0;
