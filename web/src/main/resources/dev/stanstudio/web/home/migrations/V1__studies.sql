-- Blind studies. Times are milliseconds since 1970, ids are random.

CREATE TABLE study (
    id          TEXT PRIMARY KEY,
    link        TEXT NOT NULL UNIQUE,
    title       TEXT NOT NULL,
    secret      TEXT NOT NULL,
    plan        TEXT NOT NULL,
    plan_hash   TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    locked_at   BIGINT
);

CREATE TABLE rater (
    id          TEXT PRIMARY KEY,
    study_id    TEXT NOT NULL REFERENCES study (id),
    slot        INTEGER NOT NULL,
    token_hash  TEXT NOT NULL UNIQUE,
    device_hash TEXT NOT NULL,
    joined_at   BIGINT NOT NULL,
    UNIQUE (study_id, slot)
);

-- Only ever appended to: undoing a vote is a row too. The newest revision of a position counts.
CREATE TABLE vote (
    seq         ${serial},
    study_id    TEXT NOT NULL REFERENCES study (id),
    rater_id    TEXT NOT NULL REFERENCES rater (id),
    position    INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    choice      INTEGER NOT NULL,
    millis      BIGINT NOT NULL,
    viewport    TEXT NOT NULL,
    voted_at    BIGINT NOT NULL,
    UNIQUE (rater_id, position, revision)
);

CREATE INDEX vote_by_study ON vote (study_id, seq);
