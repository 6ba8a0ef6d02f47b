const { createServer } = require('node:http');

const server = createServer((request, response) => response.end('hello\n')).listen(3000);
process.on('SIGTERM', () => server.close());
