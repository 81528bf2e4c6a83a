-- phases: JSON, those of the current run in the order in which they began; dismissed: taken out of the lists by a visitor;
-- hopeless: the same commands would fail again, because their arguments cannot work.

ALTER TABLE job ADD COLUMN phases TEXT NOT NULL DEFAULT '[]';
ALTER TABLE job ADD COLUMN dismissed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN hopeless INTEGER NOT NULL DEFAULT 0;
