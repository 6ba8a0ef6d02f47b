WITH RECURSIVE counted AS (
  SELECT sites.id, sites.parent_id, sensors.id AS sensor FROM sites JOIN sensors ON sensors.site_id = sites.id
  UNION
  SELECT sites.id, sites.parent_id, counted.sensor FROM counted JOIN sites ON sites.id = counted.parent_id
)
SELECT name, (SELECT count(*) FROM counted WHERE counted.id = sites.id) AS sensors
FROM sites
ORDER BY 2 DESC, 1;
