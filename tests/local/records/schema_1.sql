-- The local service's database, as it is when made anew. Older files are brought here by
-- migrations/NNNN_<what>.sql, in order; PRAGMA user_version is the number of the last one.
-- Instants are INTEGER milliseconds since the epoch, UTC. Names keep their case and compare
-- without it, as SageMaker's do. A *_by column holds a UserContext as JSON.

-- experiments

CREATE TABLE experiment (
    id                 INTEGER PRIMARY KEY,
    name               TEXT NOT NULL UNIQUE COLLATE NOCASE,
    display_name       TEXT NOT NULL,
    description        TEXT,
    creation_time      INTEGER NOT NULL,
    last_modified_time INTEGER NOT NULL,
    created_by         TEXT NOT NULL,
    last_modified_by   TEXT NOT NULL
) STRICT;
CREATE INDEX experiment_by_creation_time ON experiment (creation_time, id);
CREATE INDEX experiment_by_last_modified_time ON experiment (last_modified_time, id);

-- trials

-- No CASCADE: SageMaker refuses to delete an experiment that still holds trials, and so do we.
CREATE TABLE trial (
    id                  INTEGER PRIMARY KEY,
    name                TEXT NOT NULL UNIQUE COLLATE NOCASE,
    experiment_id       INTEGER NOT NULL REFERENCES experiment (id),
    display_name        TEXT NOT NULL,
    metadata_properties TEXT,
    creation_time       INTEGER NOT NULL,
    last_modified_time  INTEGER NOT NULL,
    created_by          TEXT NOT NULL,
    last_modified_by    TEXT NOT NULL
) STRICT;
CREATE INDEX trial_by_experiment ON trial (experiment_id, creation_time, id);
CREATE INDEX trial_by_creation_time ON trial (creation_time, id);
CREATE INDEX trial_by_last_modified_time ON trial (last_modified_time, id);

-- trial components

-- parameters, input_artifacts, output_artifacts and sources are JSON in SageMaker's own form, sent
-- as they are; trial_component_parameter holds the same parameters for searching and sorting.
CREATE TABLE trial_component (
    id                  INTEGER PRIMARY KEY,
    name                TEXT NOT NULL UNIQUE COLLATE NOCASE,
    display_name        TEXT NOT NULL,
    primary_status      TEXT,
    status_message      TEXT,
    start_time          INTEGER,
    end_time            INTEGER,
    source_arn          TEXT COLLATE NOCASE,
    source_type         TEXT,
    sources             TEXT,
    run_name            TEXT,
    parameters          TEXT NOT NULL DEFAULT '{}',
    input_artifacts     TEXT NOT NULL DEFAULT '{}',
    output_artifacts    TEXT NOT NULL DEFAULT '{}',
    metadata_properties TEXT,
    creation_time       INTEGER NOT NULL,
    last_modified_time  INTEGER NOT NULL,
    created_by          TEXT NOT NULL,
    last_modified_by    TEXT NOT NULL
) STRICT;
CREATE INDEX trial_component_by_creation_time ON trial_component (creation_time, id);
CREATE INDEX trial_component_by_last_modified_time ON trial_component (last_modified_time, id);
CREATE INDEX trial_component_by_source ON trial_component (source_arn) WHERE source_arn IS NOT NULL;

CREATE TABLE trial_component_parameter (
    trial_component_id INTEGER NOT NULL REFERENCES trial_component (id) ON DELETE CASCADE,
    key                TEXT NOT NULL,
    string_value       TEXT,
    number_value       REAL,
    PRIMARY KEY (trial_component_id, key)
) STRICT, WITHOUT ROWID;
-- All a search needs of a parameter, in one place and in the order of its key.
CREATE INDEX trial_component_parameter_by_key
    ON trial_component_parameter (key COLLATE NOCASE, number_value, string_value);

-- A trial component may sit in several trials, so the link is a table of its own. No CASCADE:
-- SageMaker refuses to delete a trial that still holds components, and so do we.
CREATE TABLE trial_component_association (
    trial_id           INTEGER NOT NULL REFERENCES trial (id),
    trial_component_id INTEGER NOT NULL REFERENCES trial_component (id),
    creation_time      INTEGER NOT NULL,
    PRIMARY KEY (trial_id, trial_component_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX trial_component_association_by_component
    ON trial_component_association (trial_component_id, trial_id);

-- metrics

-- One metric of one trial component and its running statistics, which need no second look at the
-- points: total + total_error is their compensated sum, avg that over count, and m2 Welford's sum of
-- squared distances, std_dev = sqrt(m2 / (count - 1)).
CREATE TABLE metric (
    id                 INTEGER PRIMARY KEY,
    trial_component_id INTEGER NOT NULL REFERENCES trial_component (id) ON DELETE CASCADE,
    name               TEXT NOT NULL,
    source_arn         TEXT,
    last               REAL NOT NULL,
    max                REAL NOT NULL,
    min                REAL NOT NULL,
    avg                REAL NOT NULL,
    std_dev            REAL NOT NULL,
    count              INTEGER NOT NULL,
    total              REAL NOT NULL,
    total_error        REAL NOT NULL,
    m2                 REAL NOT NULL,
    last_time          INTEGER NOT NULL,
    UNIQUE (trial_component_id, name)
) STRICT;
-- All a search needs of a metric, in one place and in the order of its name.
CREATE INDEX metric_by_name
    ON metric (name COLLATE NOCASE, trial_component_id, last, max, min, avg, std_dev, count);

-- number counts a metric's points as they came, from 1.
CREATE TABLE metric_point (
    metric_id INTEGER NOT NULL REFERENCES metric (id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    time      INTEGER NOT NULL,
    step      INTEGER,
    value     REAL NOT NULL,
    PRIMARY KEY (metric_id, number)
) STRICT, WITHOUT ROWID;

-- tags

-- resource_type is the word in the ARN: experiment, experiment-trial, training-job, model, …
CREATE TABLE tag (
    resource_type TEXT NOT NULL,
    resource_name TEXT NOT NULL COLLATE NOCASE,
    key           TEXT NOT NULL,
    value         TEXT NOT NULL,
    PRIMARY KEY (resource_type, resource_name, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX tag_by_key ON tag (resource_type, key COLLATE NOCASE, value);

CREATE TRIGGER experiment_tags_go AFTER DELETE ON experiment BEGIN
    DELETE FROM tag WHERE resource_type = 'experiment' AND resource_name = OLD.name;
END;
CREATE TRIGGER trial_tags_go AFTER DELETE ON trial BEGIN
    DELETE FROM tag WHERE resource_type = 'experiment-trial' AND resource_name = OLD.name;
END;
CREATE TRIGGER trial_component_tags_go AFTER DELETE ON trial_component BEGIN
    DELETE FROM tag
    WHERE resource_type = 'experiment-trial-component' AND resource_name = OLD.name;
END;

-- training jobs

-- request is CreateTrainingJob's input as it came, less Tags; transitions and final_metrics are
-- JSON with instants in milliseconds. events_offset is how many bytes of the events file of the
-- job's process are in this database already, so that each event is taken once, whatever dies.
CREATE TABLE training_job (
    id                   INTEGER PRIMARY KEY,
    name                 TEXT NOT NULL UNIQUE COLLATE NOCASE,
    request              TEXT NOT NULL,
    status               TEXT NOT NULL,
    secondary_status     TEXT NOT NULL,
    transitions          TEXT NOT NULL,
    failure_reason       TEXT,
    model_artifacts      TEXT,
    final_metrics        TEXT NOT NULL DEFAULT '{}',
    trial_component_name TEXT NOT NULL,
    training_start_time  INTEGER,
    training_end_time    INTEGER,
    events_offset        INTEGER NOT NULL DEFAULT 0,
    creation_time        INTEGER NOT NULL,
    last_modified_time   INTEGER NOT NULL,
    created_by           TEXT NOT NULL
) STRICT;
CREATE INDEX training_job_by_creation_time ON training_job (creation_time, id);
CREATE INDEX training_job_by_status ON training_job (status, id);
CREATE TRIGGER training_job_tags_go AFTER DELETE ON training_job BEGIN
    DELETE FROM tag WHERE resource_type = 'training-job' AND resource_name = OLD.name;
END;

-- processing and transform jobs

-- Two tables alike. request is the input of the Create action as it came, less Tags; events_offset
-- is as in training_job. A transform job has no exit message.
CREATE TABLE processing_job (
    id                   INTEGER PRIMARY KEY,
    name                 TEXT NOT NULL UNIQUE COLLATE NOCASE,
    request              TEXT NOT NULL,
    status               TEXT NOT NULL,
    failure_reason       TEXT,
    exit_message         TEXT,
    trial_component_name TEXT NOT NULL,
    start_time           INTEGER,
    end_time             INTEGER,
    events_offset        INTEGER NOT NULL DEFAULT 0,
    creation_time        INTEGER NOT NULL,
    last_modified_time   INTEGER NOT NULL
) STRICT;
CREATE INDEX processing_job_by_creation_time ON processing_job (creation_time, id);
CREATE INDEX processing_job_by_status ON processing_job (status, id);
CREATE TRIGGER processing_job_tags_go AFTER DELETE ON processing_job BEGIN
    DELETE FROM tag WHERE resource_type = 'processing-job' AND resource_name = OLD.name;
END;

CREATE TABLE transform_job (
    id                   INTEGER PRIMARY KEY,
    name                 TEXT NOT NULL UNIQUE COLLATE NOCASE,
    request              TEXT NOT NULL,
    status               TEXT NOT NULL,
    failure_reason       TEXT,
    exit_message         TEXT,
    trial_component_name TEXT NOT NULL,
    start_time           INTEGER,
    end_time             INTEGER,
    events_offset        INTEGER NOT NULL DEFAULT 0,
    creation_time        INTEGER NOT NULL,
    last_modified_time   INTEGER NOT NULL
) STRICT;
CREATE INDEX transform_job_by_creation_time ON transform_job (creation_time, id);
CREATE INDEX transform_job_by_status ON transform_job (status, id);
CREATE TRIGGER transform_job_tags_go AFTER DELETE ON transform_job BEGIN
    DELETE FROM tag WHERE resource_type = 'transform-job' AND resource_name = OLD.name;
END;

-- models

-- request is the input of the Create action as it came, less Tags; so for the two tables below.
CREATE TABLE model (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
    request       TEXT NOT NULL,
    creation_time INTEGER NOT NULL
) STRICT;
CREATE INDEX model_by_creation_time ON model (creation_time, id);
CREATE TRIGGER model_tags_go AFTER DELETE ON model BEGIN
    DELETE FROM tag WHERE resource_type = 'model' AND resource_name = OLD.name;
END;

-- endpoint configs

CREATE TABLE endpoint_config (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE COLLATE NOCASE,
    request       TEXT NOT NULL,
    creation_time INTEGER NOT NULL
) STRICT;
CREATE INDEX endpoint_config_by_creation_time ON endpoint_config (creation_time, id);
CREATE TRIGGER endpoint_config_tags_go AFTER DELETE ON endpoint_config BEGIN
    DELETE FROM tag WHERE resource_type = 'endpoint-config' AND resource_name = OLD.name;
END;

-- endpoints

-- config and models are what the endpoint was made of, kept because both may be deleted while it
-- runs: the request of its endpoint config, and those of its models by name. wanted_* are the same
-- for an update under way, which replaces them when it succeeds.
CREATE TABLE endpoint (
    id                 INTEGER PRIMARY KEY,
    name               TEXT NOT NULL UNIQUE COLLATE NOCASE,
    config             TEXT NOT NULL,
    models             TEXT NOT NULL,
    wanted_config      TEXT,
    wanted_models      TEXT,
    status             TEXT NOT NULL,
    failure_reason     TEXT,
    creation_time      INTEGER NOT NULL,
    last_modified_time INTEGER NOT NULL
) STRICT;
CREATE INDEX endpoint_by_creation_time ON endpoint (creation_time, id);
CREATE TRIGGER endpoint_tags_go AFTER DELETE ON endpoint BEGIN
    DELETE FROM tag WHERE resource_type = 'endpoint' AND resource_name = OLD.name;
END;

-- lineage

-- name is the last part of the ARN, made from the source: one artifact a source.
CREATE TABLE artifact (
    id                  INTEGER PRIMARY KEY,
    name                TEXT NOT NULL UNIQUE COLLATE NOCASE,
    artifact_name       TEXT,
    artifact_type       TEXT NOT NULL,
    source_uri          TEXT NOT NULL,
    source              TEXT NOT NULL,
    properties          TEXT NOT NULL DEFAULT '{}',
    metadata_properties TEXT,
    creation_time       INTEGER NOT NULL,
    last_modified_time  INTEGER NOT NULL,
    created_by          TEXT NOT NULL,
    last_modified_by    TEXT NOT NULL
) STRICT;
CREATE INDEX artifact_by_creation_time ON artifact (creation_time, id);
CREATE INDEX artifact_by_source_uri ON artifact (source_uri);
CREATE TRIGGER artifact_tags_go AFTER DELETE ON artifact BEGIN
    DELETE FROM tag WHERE resource_type = 'artifact' AND resource_name = OLD.name;
END;

-- The ends are artifacts, trial components or experiments; type and name are theirs at the time.
CREATE TABLE association (
    id               INTEGER PRIMARY KEY,
    source_arn       TEXT NOT NULL COLLATE NOCASE,
    source_type      TEXT NOT NULL,
    source_name      TEXT,
    destination_arn  TEXT NOT NULL COLLATE NOCASE,
    destination_type TEXT NOT NULL,
    destination_name TEXT,
    association_type TEXT,
    creation_time    INTEGER NOT NULL,
    created_by       TEXT NOT NULL,
    UNIQUE (source_arn, destination_arn)
) STRICT;
CREATE INDEX association_by_destination ON association (destination_arn, source_arn);
CREATE INDEX association_by_source_name ON association (source_name);
CREATE INDEX association_by_destination_name ON association (destination_name);
CREATE INDEX association_by_creation_time ON association (creation_time, id);
CREATE TRIGGER associations_of_experiment_go AFTER DELETE ON experiment BEGIN
    DELETE FROM association
    WHERE source_type = 'Experiment' AND source_name = OLD.name
       OR destination_type = 'Experiment' AND destination_name = OLD.name;
END;
CREATE TRIGGER associations_of_trial_component_go AFTER DELETE ON trial_component BEGIN
    DELETE FROM association
    WHERE source_name = OLD.name AND instr(source_arn, ':experiment-trial-component/') > 0
       OR destination_name = OLD.name AND instr(destination_arn, ':experiment-trial-component/') > 0;
END;
