const { readFileSync } = require('node:fs');
const express = require('express');
const { shelf } = require('./shelf.js');

const app = express();
app.disable('x-powered-by');
app.use(express.json());
app.use('/books', shelf(JSON.parse(readFileSync('books.json', 'utf8'))));
app.use((request, response) => response.status(404).json({ error: 'there is nothing here' }));
app.listen(Number(process.env.PORT), '127.0.0.1');
