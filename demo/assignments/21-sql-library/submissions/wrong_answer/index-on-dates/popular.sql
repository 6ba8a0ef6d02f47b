WITH counted AS (
  SELECT b.title, count(*) AS times, rank() OVER (ORDER BY count(*) DESC) AS place
  FROM loans AS l JOIN books AS b ON b.id = l.book_id
  GROUP BY b.id
)
SELECT title, times FROM counted WHERE place <= 3 ORDER BY times DESC, title;
