import { readFile } from 'node:fs/promises';
import express from 'express';

const books = JSON.parse(await readFile('books.json', 'utf8'));
const app = express().disable('x-powered-by');
app.use(express.json());

class Refusal extends Error {
  constructor(status, body) {
    super('refused');
    this.status = status;
    this.body = body;
  }
}

const inRange = (text, least, most) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new Refusal(400, { error: `${text} is no number of pages` });
  return value;
};
const bookOf = (id) => {
  const book = books.find((one) => one.id === Number(id));
  if (!book) throw new Refusal(404, { error: 'no such book' });
  return book;
};
const checked = (book) => {
  const errors = {};
  for (const field of ['title', 'author']) if (!String(book[field] ?? '').trim()) errors[field] = 'required';
  if (book.year === undefined) errors.year = 'required';
  else if (!Number.isInteger(book.year)) errors.year = 'must be a whole number';
  if (Object.keys(errors).length) throw new Refusal(422, { errors });
  return book;
};

app.get('/books', (request, response) => {
  const page = inRange(request.query.page ?? 1, 1, 1e9);
  const size = inRange(request.query.size ?? 5, 1, 100);
  const pages = Math.ceil(books.length / size);
  response.json({ page, pages, next: page < pages ? page + 1 : null, items: books.slice((page - 1) * size, page * size) });
});
app.get('/books/:id', (request, response) => response.json(bookOf(request.params.id)));
app.post('/books', (request, response) => {
  const { title, author, year } = request.body ?? {};
  const book = checked({ id: books.length + 1, title, author, year });
  books.push(book);
  response.status(201).set('Location', `/books/${book.id}`).json(book);
});
app.patch('/books/:id', (request, response) => {
  const book = bookOf(request.params.id);
  response.json(Object.assign(book, checked({ ...book, ...request.body, id: book.id })));
});
app.use((request) => {
  throw new Refusal(404, { error: `${request.path} is no route` });
});
app.use((error, request, response, next) => {
  response.status(error.status ?? 500).json(error instanceof Refusal ? error.body : { error: error.message });
});
app.listen(process.env.PORT);
