SELECT m.id, m.name, count(l.id) AS loans,
       count(CASE WHEN l.id IS NOT NULL AND l.returned_on IS NULL THEN 1 END) AS open
FROM members AS m
LEFT JOIN loans AS l ON l.member_id = m.id
GROUP BY m.id, m.name
ORDER BY open DESC, m.name, m.id;
