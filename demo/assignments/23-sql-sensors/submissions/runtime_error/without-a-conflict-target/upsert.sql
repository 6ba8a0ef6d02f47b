INSERT INTO settings SELECT * FROM incoming;
