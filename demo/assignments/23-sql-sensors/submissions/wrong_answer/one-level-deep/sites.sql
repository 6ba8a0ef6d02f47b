SELECT s.name, count(x.id) AS sensors
FROM sites AS s
LEFT JOIN sites AS inner_site ON inner_site.parent_id = s.id
LEFT JOIN sensors AS x ON x.site_id IN (s.id, inner_site.id)
GROUP BY s.id, s.name
ORDER BY sensors DESC, s.name;
