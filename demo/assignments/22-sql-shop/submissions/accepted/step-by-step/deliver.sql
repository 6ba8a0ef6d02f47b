UPDATE stock SET quantity = quantity + COALESCE((SELECT SUM(d.quantity) FROM deliveries d WHERE d.product = stock.product), 0);
INSERT INTO stock
  SELECT product, SUM(quantity) FROM deliveries
  WHERE product NOT IN (SELECT product FROM (SELECT product FROM stock) AS known)
  GROUP BY product;
