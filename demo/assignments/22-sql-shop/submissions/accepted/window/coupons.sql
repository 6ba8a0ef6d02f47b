CREATE TABLE coupons (
  code VARCHAR(20) NOT NULL PRIMARY KEY,
  customer_id INT NOT NULL,
  value DECIMAL(8, 2) NOT NULL,
  CONSTRAINT coupons_of_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
);
