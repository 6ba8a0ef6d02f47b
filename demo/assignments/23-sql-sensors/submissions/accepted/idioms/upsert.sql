INSERT INTO settings (sensor_id, config)
SELECT sensor_id, config FROM incoming
ON CONFLICT (sensor_id) DO UPDATE SET config = settings.config || excluded.config;
