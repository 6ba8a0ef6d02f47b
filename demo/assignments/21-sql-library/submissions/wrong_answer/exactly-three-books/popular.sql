SELECT b.title, count(*) AS times
FROM loans AS l JOIN books AS b ON b.id = l.book_id
GROUP BY b.id
ORDER BY times DESC, b.title
LIMIT 3;
