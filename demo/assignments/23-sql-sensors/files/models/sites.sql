WITH RECURSIVE below (top, id) AS (
  SELECT id, id FROM sites
  UNION ALL
  SELECT below.top, sites.id FROM below JOIN sites ON sites.parent_id = below.id
)
SELECT sites.name, count(sensors.id) AS sensors
FROM sites
JOIN below ON below.top = sites.id
LEFT JOIN sensors ON sensors.site_id = below.id
GROUP BY sites.id
ORDER BY sensors DESC, sites.name;
