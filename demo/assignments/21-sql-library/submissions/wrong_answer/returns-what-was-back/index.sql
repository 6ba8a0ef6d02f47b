CREATE INDEX open_loans_by_book ON loans (book_id) WHERE returned_on IS NULL;
