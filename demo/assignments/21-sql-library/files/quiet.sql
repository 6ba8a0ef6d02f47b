INSERT INTO members VALUES (7, 'Zoë'), (8, 'Åsa');
INSERT INTO books VALUES (1, 'Unread');
