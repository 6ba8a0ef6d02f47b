INSERT INTO members VALUES (1, 'Ada'), (2, 'Ben'), (3, 'Cleo');
INSERT INTO books VALUES (1, 'Middlemarch'), (2, 'Sula'), (3, 'Nada'), (4, 'Malina'), (5, 'Kindred');
INSERT INTO loans VALUES
  (1, 1, 1, '2026-01-10', '2026-02-01'),
  (2, 1, 2, '2026-02-03', NULL),
  (3, 1, 3, '2026-02-03', NULL),
  (4, 2, 2, '2026-02-05', NULL),
  (5, 2, 1, '2026-02-06', '2026-02-20'),
  (6, 2, 4, '2026-03-01', NULL);
