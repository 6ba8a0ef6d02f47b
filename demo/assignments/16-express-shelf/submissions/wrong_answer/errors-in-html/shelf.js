const { Router } = require('express');

const CHECKS = {
  title: (value) => (typeof value === 'string' && value.trim() !== '' ? null : 'required'),
  author: (value) => (typeof value === 'string' && value.trim() !== '' ? null : 'required'),
  year: (value) => (value === undefined ? 'required' : Number.isInteger(value) ? null : 'must be a whole number'),
};

function faultsOf(book) {
  const faults = Object.entries(CHECKS).map(([field, check]) => [field, check(book[field])]);
  return Object.fromEntries(faults.filter(([, fault]) => fault !== null));
}

function wholeNumber(text, fallback, most) {
  if (text === undefined) return fallback;
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : null;
}

exports.shelf = (books) => {
  const router = Router();

  router.get('/', ({ query }, response) => {
    const page = wholeNumber(query.page, 1, Number.MAX_SAFE_INTEGER);
    const size = wholeNumber(query.size, 5, 100);
    if (page === null || size === null) return response.status(400).json({ error: 'page or size is none' });
    const pages = Math.ceil(books.length / size);
    const items = books.slice((page - 1) * size, page * size);
    response.json({ page, pages, next: page < pages ? page + 1 : null, items });
  });

  router.param('id', (request, response, next, id) => {
    request.book = books.find((book) => String(book.id) === id);
    if (request.book === undefined) return response.status(404).json({ error: 'there is no such book' });
    next();
  });

  router.get('/:id', ({ book }, response) => response.json(book));

  router.post('/', ({ body = {} }, response) => {
    const { title, author, year } = body;
    const errors = faultsOf({ title, author, year });
    if (Object.keys(errors).length > 0) return response.status(422).json({ errors });
    const book = { id: books.at(-1).id + 1, title, author, year };
    books.push(book);
    response.status(201).location(`/books/${book.id}`).json(book);
  });

  router.patch('/:id', ({ book, body = {} }, response) => {
    const changed = { ...book, ...body, id: book.id };
    const errors = faultsOf(changed);
    if (Object.keys(errors).length > 0) return response.status(422).json({ errors });
    response.json(Object.assign(book, changed));
  });

  return router;
};
