INSERT INTO sites VALUES (10, 'A', NULL), (20, 'B', 10), (30, 'C', 20), (40, 'D', 30), (50, 'E', 10);
INSERT INTO sensors VALUES (7, 'seven', 40), (8, 'eight', 40), (9, 'nine', 50), (6, 'six', 10);
INSERT INTO readings VALUES (8, '2026-01-01 00:00', -3), (8, '2025-12-31 23:59', 100), (6, '2026-01-02 00:00', 0);
