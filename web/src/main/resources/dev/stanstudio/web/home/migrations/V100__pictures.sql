-- Pictures, asked for as matrices, and the queue that makes them. Times are milliseconds since 1970, ids are random.

CREATE TABLE matrix (
    id          TEXT PRIMARY KEY,
    owner       TEXT NOT NULL,
    settings    TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

CREATE INDEX matrix_by_time ON matrix (created_at);

-- place: index within the matrix; position: order within the owner's line, smaller first;
-- token: the worker's turn that draws it.
CREATE TABLE picture (
    id          TEXT PRIMARY KEY,
    matrix_id   TEXT NOT NULL REFERENCES matrix (id),
    owner       TEXT NOT NULL,
    place       INTEGER NOT NULL,
    prompt      TEXT NOT NULL,
    style       TEXT NOT NULL,
    method      TEXT NOT NULL,
    seed        BIGINT NOT NULL,
    model       TEXT NOT NULL,
    request     TEXT NOT NULL,
    width       INTEGER NOT NULL,
    height      INTEGER NOT NULL,
    state       TEXT NOT NULL,
    position    BIGINT NOT NULL,
    token       TEXT,
    cancelled   INTEGER NOT NULL DEFAULT 0,
    steps_done  INTEGER NOT NULL DEFAULT 0,
    steps       INTEGER NOT NULL DEFAULT 0,
    remark      TEXT NOT NULL DEFAULT '',
    starred     INTEGER NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL,
    changed_at  BIGINT NOT NULL,
    started_at  BIGINT,
    finished_at BIGINT,
    deleted_at  BIGINT
);

CREATE INDEX picture_by_state ON picture (state, position);
CREATE INDEX picture_by_matrix ON picture (matrix_id, place);
CREATE INDEX picture_by_change ON picture (changed_at);
CREATE INDEX picture_by_finish ON picture (finished_at, id);

-- When each owner was last served: the one who waited longest is next.
CREATE TABLE turn (
    owner       TEXT PRIMARY KEY,
    served      BIGINT NOT NULL
);

CREATE TABLE queue_switch (
    id          INTEGER PRIMARY KEY,
    paused      INTEGER NOT NULL
);

INSERT INTO queue_switch (id, paused) VALUES (1, 0);

-- The table of the scheduling library, as it describes it.
CREATE TABLE scheduled_tasks (
    task_name            TEXT NOT NULL,
    task_instance        TEXT NOT NULL,
    task_data            BYTEA,
    execution_time       TIMESTAMP WITH TIME ZONE NOT NULL,
    picked               BOOLEAN NOT NULL,
    picked_by            TEXT,
    last_success         TIMESTAMP WITH TIME ZONE,
    last_failure         TIMESTAMP WITH TIME ZONE,
    consecutive_failures INTEGER,
    last_heartbeat       TIMESTAMP WITH TIME ZONE,
    version              BIGINT NOT NULL,
    priority             SMALLINT,
    PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_tasks_by_time ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_by_heartbeat ON scheduled_tasks (last_heartbeat);
