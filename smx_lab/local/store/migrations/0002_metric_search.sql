-- The order of metrics for searches is a table of its own, no longer an index that every point moves.

DROP INDEX metric_by_name;

-- All a search needs of a metric, in one place and in the order of its name. It follows the table
-- above when a search looks at it: metric_search_lag says whose metrics have changed since.
CREATE TABLE metric_search (
    name               TEXT NOT NULL COLLATE NOCASE,
    trial_component_id INTEGER NOT NULL,
    metric_id          INTEGER NOT NULL,
    last               REAL NOT NULL,
    max                REAL NOT NULL,
    min                REAL NOT NULL,
    avg                REAL NOT NULL,
    std_dev            REAL NOT NULL,
    count              INTEGER NOT NULL,
    PRIMARY KEY (name, trial_component_id, metric_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE metric_search_lag (
    trial_component_id INTEGER PRIMARY KEY REFERENCES trial_component (id) ON DELETE CASCADE
) STRICT;
CREATE TRIGGER metric_search_goes AFTER DELETE ON metric BEGIN
    DELETE FROM metric_search
    WHERE name = OLD.name AND trial_component_id = OLD.trial_component_id AND metric_id = OLD.id;
END;

INSERT INTO metric_search (name, trial_component_id, metric_id, last, max, min, avg, std_dev, count)
SELECT name, trial_component_id, id, last, max, min, avg, std_dev, count FROM metric
ORDER BY name COLLATE NOCASE, trial_component_id;

-- Sorting by the display name needs no look at every record.
CREATE INDEX trial_component_by_display_name ON trial_component (display_name, id);
