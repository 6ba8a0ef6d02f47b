UPDATE loans SET returned_on = '2026-03-15' WHERE member_id = 1 AND returned_on IS NULL;
