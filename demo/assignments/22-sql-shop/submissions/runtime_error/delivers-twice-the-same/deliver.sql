INSERT INTO stock SELECT product, quantity FROM deliveries;
