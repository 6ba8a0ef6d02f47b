INSERT INTO stock (product, quantity)
SELECT product, SUM(quantity) FROM deliveries GROUP BY product
ON DUPLICATE KEY UPDATE quantity = VALUES(quantity);
