-- Boards are named sets of pictures. note: the reader's own words on a picture. trial: 1 where a picture was drawn to try out
-- features of a STAN, which the gallery keeps apart. score: how well the picture follows its prompt, by the newest scoring.

CREATE TABLE board (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    created_at  BIGINT NOT NULL
);

CREATE TABLE board_picture (
    board_id    TEXT NOT NULL REFERENCES board (id) ON DELETE CASCADE,
    picture_id  TEXT NOT NULL REFERENCES picture (id) ON DELETE CASCADE,
    PRIMARY KEY (board_id, picture_id)
);

CREATE INDEX board_picture_by_picture ON board_picture (picture_id);

ALTER TABLE picture ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE picture ADD COLUMN trial INTEGER NOT NULL DEFAULT 0;
ALTER TABLE picture ADD COLUMN score DOUBLE PRECISION;

UPDATE picture SET trial = 1 WHERE matrix_id IN (SELECT id FROM matrix WHERE aside = 1);

CREATE INDEX picture_by_deletion ON picture (deleted_at);

-- Scorings whose scores the pictures have.
CREATE TABLE read_scoring (
    name        TEXT PRIMARY KEY
);
