INSERT INTO customers VALUES (1, 'Zoe', 'FR'), (2, 'Abe', 'FR'), (3, 'Kim', 'FR'), (4, 'Lou', 'BE');
INSERT INTO orders VALUES (1, 1, 7.25, FALSE), (2, 2, 7.25, FALSE), (3, 3, 1.00, FALSE), (4, 4, 3.00, TRUE);
