-- 1 where a matrix was drawn for another page than Generate, which then does not offer it.

ALTER TABLE matrix ADD COLUMN aside INTEGER NOT NULL DEFAULT 0;
