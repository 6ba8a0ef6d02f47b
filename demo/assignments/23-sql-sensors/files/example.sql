INSERT INTO sites VALUES (1, 'Campus', NULL), (2, 'Library', 1), (3, 'Cellar', 2), (4, 'Boathouse', NULL);
INSERT INTO sensors VALUES (1, 'door', 2), (2, 'shelf', 3), (3, 'humidity', 3);
INSERT INTO readings VALUES
  (1, '2026-03-01 08:00', 19.5), (1, '2026-03-01 09:00', 20.25), (2, '2026-03-01 08:30', 12), (2, '2026-03-01 07:30', 13);
INSERT INTO settings VALUES (1, '{"unit": "C", "every": 60}'), (2, '{"unit": "C", "every": 60}');
INSERT INTO incoming VALUES (1, '{"every": 30}'), (2, '{"unit": "F", "alarm": "on"}'), (3, '{"unit": "%", "every": 60}');
