-- What the gallery filters, orders and counts by lies in an index, so that the rows of large galleries, which hold whole requests,
-- are not read one by one.

CREATE INDEX picture_in_gallery ON picture (state, deleted_at, trial, finished_at, id, style, method, starred);

-- The newest picture of an adapter.
CREATE INDEX picture_by_method ON picture (method, state, deleted_at, starred, finished_at);

-- Whether there is any score.
CREATE INDEX picture_with_score ON picture (score)
WHERE score IS NOT NULL;
