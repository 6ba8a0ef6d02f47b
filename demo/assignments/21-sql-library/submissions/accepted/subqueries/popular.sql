CREATE TEMPORARY TABLE counted AS
  SELECT title, (SELECT count(*) FROM loans WHERE book_id = books.id) AS times FROM books;
SELECT title, times FROM counted AS one
WHERE times > 0 AND (SELECT count(*) FROM counted AS other WHERE other.times > one.times) < 3
ORDER BY times DESC, title;
