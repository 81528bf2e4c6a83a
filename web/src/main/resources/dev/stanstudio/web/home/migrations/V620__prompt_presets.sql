-- Prompts that visitors keep under a name, with their styles; settings is JSON.

CREATE TABLE prompt_preset (
    name        TEXT PRIMARY KEY,
    settings    TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);
