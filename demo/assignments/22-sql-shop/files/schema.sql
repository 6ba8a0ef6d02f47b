CREATE TABLE customers (id INT PRIMARY KEY, name VARCHAR(50) NOT NULL, country CHAR(2) NOT NULL);
CREATE TABLE orders (
  id INT PRIMARY KEY,
  customer_id INT NOT NULL,
  total DECIMAL(10, 2) NOT NULL,
  cancelled BOOLEAN NOT NULL DEFAULT FALSE,
  FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE TABLE stock (product VARCHAR(30) PRIMARY KEY, quantity INT NOT NULL);
CREATE TABLE deliveries (id INT PRIMARY KEY, product VARCHAR(30) NOT NULL, quantity INT NOT NULL);
