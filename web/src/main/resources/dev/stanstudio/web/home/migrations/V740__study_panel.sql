-- Panels that pay the raters of a study. parameter: of the voting link, carries the panel's id of a rater. completed, turned_away: code or address
-- that a rater gets at the end, and one who comes too late. Ids stand apart from answers and are in no report; rater_id is kept when the rater
-- withdraws. freed_token: hash of the cookie of a rater whose place went to another for want of answers; empty for the others.

CREATE TABLE study_panel (
    study_id    TEXT PRIMARY KEY REFERENCES study (id),
    parameter   TEXT NOT NULL,
    completed   TEXT NOT NULL,
    turned_away TEXT NOT NULL
);

CREATE TABLE panel_rater (
    study_id    TEXT NOT NULL REFERENCES study (id),
    panel_id    TEXT NOT NULL,
    rater_id    TEXT NOT NULL,
    trials      INTEGER NOT NULL,
    joined_at   BIGINT NOT NULL,
    freed_token TEXT NOT NULL,
    PRIMARY KEY (study_id, panel_id)
);

CREATE INDEX panel_rater_by_rater ON panel_rater (rater_id);
