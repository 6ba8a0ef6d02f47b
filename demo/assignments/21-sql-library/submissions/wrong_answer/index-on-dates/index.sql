CREATE INDEX loans_by_day ON loans (lent_on);
