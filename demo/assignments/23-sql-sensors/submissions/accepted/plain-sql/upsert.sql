UPDATE settings SET config = settings.config || incoming.config FROM incoming WHERE incoming.sensor_id = settings.sensor_id;
INSERT INTO settings SELECT * FROM incoming WHERE sensor_id NOT IN (SELECT sensor_id FROM settings);
