SELECT DISTINCT ON (s.id) s.name, r.value
FROM sensors s LEFT JOIN readings r ON r.sensor_id = s.id
ORDER BY s.id, r.at DESC;
