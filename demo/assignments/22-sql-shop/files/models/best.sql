SELECT country, name, spent
FROM (
  SELECT c.country, c.name, SUM(o.total) AS spent, RANK() OVER (PARTITION BY c.country ORDER BY SUM(o.total) DESC) AS place
  FROM customers c JOIN orders o ON o.customer_id = c.id
  WHERE NOT o.cancelled
  GROUP BY c.id, c.country, c.name
) AS ranked
WHERE place = 1
ORDER BY country, name;
