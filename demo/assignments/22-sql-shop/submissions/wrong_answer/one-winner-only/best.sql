WITH spending AS (
  SELECT c.country, c.name, SUM(o.total) AS spent
  FROM customers AS c
  JOIN orders AS o ON o.customer_id = c.id AND NOT o.cancelled
  GROUP BY c.id, c.country, c.name
), ranked AS (
  SELECT spending.*, ROW_NUMBER() OVER (PARTITION BY country ORDER BY spent DESC) AS place FROM spending
)
SELECT country, name, spent FROM ranked WHERE place = 1 ORDER BY country, name;
