SELECT name, (SELECT value FROM readings WHERE sensor_id = sensors.id ORDER BY at DESC LIMIT 1) AS value
FROM sensors
ORDER BY id;
