SELECT m.id, m.name, count(l.id) AS loans, count(l.id) - count(l.returned_on) AS open
FROM members m
LEFT JOIN loans l ON l.member_id = m.id
GROUP BY m.id
ORDER BY open DESC, m.name, m.id;
