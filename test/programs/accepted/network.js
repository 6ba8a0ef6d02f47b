// Verdict: accepted
// Outcome: exited 0
// Stdout: "contained\n"
// Why: no way to the host, other machines and names; its own loopback is the program's to use.
const net = require('net');
const dns = require('dns');
const dgram = require('dgram');
const targets = [
  ['127.0.0.1', 22], ['127.0.0.1', 3306], ['127.0.0.1', 5432], ['127.0.0.1', 6379], ['127.0.0.1', 3000], ['169.254.169.254', 80],
  ['1.1.1.1', 443], ['10.0.0.1', 80], ['172.17.0.1', 80], ['::1', 6379], ['2606:4700:4700::1111', 443],
];
const tcp = ([host, port]) =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 300 }, () => resolve(`${host}:${port}`));
    socket.on('error', () => resolve(null)).on('timeout', () => resolve(null));
  });
const named = new Promise((resolve) => dns.lookup('example.com', (error, address) => resolve(error ? null : address)));
const udp = new Promise((resolve) => {
  dgram.createSocket('udp4').on('error', () => resolve(null)).send('x', 53, '8.8.8.8', (error) => resolve(error ? null : 'udp'));
});
const own = new Promise((resolve) => {
  const server = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1', () => {
    net.connect(server.address().port, '127.0.0.1').on('connect', () => resolve(null)).on('error', (error) => resolve(error.code));
  });
});
Promise.all([...targets.map(tcp), named, udp, own]).then((answers) => {
  const reached = answers.filter((answer) => answer !== null);
  console.log(reached.length === 0 ? 'contained' : reached);
  process.exit(0);
});
