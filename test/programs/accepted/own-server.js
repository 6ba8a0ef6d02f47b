// Verdict: accepted
// Outcome: exited 0
// Limits: {"cpuTimeMs": 2000}
// Stdout: "200 hello\n"
// Why: a server and its client on the program's own loopback.
const http = require('http');
const server = http.createServer((request, response) => response.end('hello'));
server.listen(0, '127.0.0.1', () => {
  http.get({ port: server.address().port, host: '127.0.0.1', agent: false }, (response) => {
    response.setEncoding('utf8').on('data', (text) => console.log(response.statusCode, text));
    response.on('end', () => server.close());
  });
});
