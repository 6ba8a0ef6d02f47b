WITH RECURSIVE within (outer_id, inner_id) AS (
  SELECT id, id FROM sites
  UNION ALL
  SELECT w.outer_id, s.id FROM within AS w JOIN sites AS s ON s.parent_id = w.inner_id
)
SELECT s.name, count(x.id) AS sensors
FROM sites AS s
JOIN within AS w ON w.outer_id = s.id
LEFT JOIN sensors AS x ON x.site_id = w.inner_id
GROUP BY s.id, s.name
ORDER BY sensors DESC, s.name;
