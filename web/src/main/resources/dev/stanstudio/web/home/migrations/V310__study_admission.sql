-- Who may vote in a study. address_hash: of the network address, keyed by the study's secret, empty for raters of before;
-- invitation: hash of the link for one use by which the rater came, empty for none.

ALTER TABLE rater ADD COLUMN address_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE rater ADD COLUMN invitation TEXT NOT NULL DEFAULT '';

-- Links for one use: only their hashes are kept. rater_id: who used it.
CREATE TABLE study_invitation (
    token_hash  TEXT PRIMARY KEY,
    study_id    TEXT NOT NULL REFERENCES study (id),
    rater_id    TEXT,
    created_at  BIGINT NOT NULL
);

CREATE INDEX study_invitation_by_study ON study_invitation (study_id);

-- Browsers whose place went to another since they gave no answer.
CREATE TABLE freed_rater (
    token_hash  TEXT PRIMARY KEY,
    study_id    TEXT NOT NULL REFERENCES study (id),
    invitation  TEXT NOT NULL,
    freed_at    BIGINT NOT NULL
);
