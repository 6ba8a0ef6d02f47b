CREATE TEMPORARY TABLE spending AS
  SELECT c.country, c.name, SUM(o.total) AS spent
  FROM customers c, orders o
  WHERE o.customer_id = c.id AND o.cancelled = 0
  GROUP BY c.id;
CREATE TEMPORARY TABLE most AS SELECT country, MAX(spent) AS spent FROM spending GROUP BY country;
SELECT country, name, spent FROM spending JOIN most USING (country, spent) ORDER BY country, name;
