-- Long work besides pictures: trainings, scorings, analyses. Each runs as commands of the program in processes of their own.
-- Times are milliseconds since 1970, ids are random.

-- commands: JSON, in order; commands_done: how many of them have ended well; done of total: how far the current one is.
CREATE TABLE job (
    id            TEXT PRIMARY KEY,
    owner         TEXT NOT NULL,
    kind          TEXT NOT NULL,
    title         TEXT NOT NULL,
    commands      TEXT NOT NULL,
    folder        TEXT NOT NULL,
    result        TEXT NOT NULL,
    state         TEXT NOT NULL,
    cancelled     INTEGER NOT NULL DEFAULT 0,
    commands_done INTEGER NOT NULL DEFAULT 0,
    done          BIGINT NOT NULL DEFAULT 0,
    total         BIGINT NOT NULL DEFAULT 0,
    said          TEXT NOT NULL DEFAULT '',
    created_at    BIGINT NOT NULL,
    changed_at    BIGINT NOT NULL,
    started_at    BIGINT,
    finished_at   BIGINT
);

CREATE INDEX job_by_kind ON job (kind, created_at);
CREATE INDEX job_by_state ON job (state);
CREATE INDEX job_by_change ON job (changed_at);

-- Turns of jobs, apart from those of pictures: a training may take hours, and pictures shall not wait for it.
CREATE TABLE scheduled_jobs (
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

CREATE INDEX scheduled_jobs_by_time ON scheduled_jobs (execution_time);
CREATE INDEX scheduled_jobs_by_heartbeat ON scheduled_jobs (last_heartbeat);

-- The same picture is not drawn twice; seeds part pictures well enough to find it.
CREATE INDEX picture_by_seed ON picture (seed);
