SELECT DISTINCT ON (s.id) s.name, r.value
FROM sensors AS s
LEFT JOIN readings AS r ON r.sensor_id = s.id
ORDER BY s.id, r.at DESC NULLS LAST;
