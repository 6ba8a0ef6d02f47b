SELECT id, name,
       (SELECT count(*) FROM loans WHERE member_id = members.id) AS loans,
       (SELECT count(*) FROM loans WHERE member_id = members.id AND returned_on IS NULL) AS open
FROM members
ORDER BY 4 DESC, 2, 1;
