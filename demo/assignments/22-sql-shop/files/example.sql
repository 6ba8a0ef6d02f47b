INSERT INTO customers VALUES (1, 'Ada', 'GB'), (2, 'Ben', 'GB'), (3, 'Cleo', 'IT'), (4, 'Dora', 'IT'), (5, 'Eve', 'IT');
INSERT INTO orders VALUES
  (1, 1, 20.00, FALSE), (2, 1, 5.50, FALSE), (3, 2, 80.00, TRUE), (4, 2, 12.00, FALSE),
  (5, 3, 10.00, FALSE), (6, 4, 99.90, FALSE);
INSERT INTO stock VALUES ('eraser', 2), ('ink', 7), ('pen', 10);
INSERT INTO deliveries VALUES (1, 'ink', 5), (2, 'pen', 12), (3, 'paper', 500), (4, 'pen', 8);
