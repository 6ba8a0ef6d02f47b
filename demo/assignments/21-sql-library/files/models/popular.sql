SELECT title, times
FROM (
  SELECT b.title, count(*) AS times, rank() OVER (ORDER BY count(*) DESC) AS place
  FROM books b JOIN loans l ON l.book_id = b.id
  GROUP BY b.id
)
WHERE place <= 3
ORDER BY times DESC, title;
