-- Raters who deleted their answers: nothing else is kept of them. token_hash: of the random cookie of their browser, so that
-- votes that are sent again are refused.

CREATE TABLE withdrawn_rater (
    rater_id     TEXT PRIMARY KEY,
    study_id     TEXT NOT NULL REFERENCES study (id),
    token_hash   TEXT NOT NULL UNIQUE,
    withdrawn_at BIGINT NOT NULL
);

CREATE INDEX withdrawn_rater_by_study ON withdrawn_rater (study_id);
