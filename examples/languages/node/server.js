// server.js <port>: a primary process and two workers.
'use strict';
const cluster = require('node:cluster');
const http = require('node:http');

function steps(number) {
  let count = 0; // ran
  while (number !== 1) { // ran
    number = number % 2 === 0 ? number / 2 : 3 * number + 1; // ran
    count += 1; // ran
  }
  return count; // ran
}

function answer(request, response) {
  const number = Number(request.url.replace('/steps/', '')); // ran
  if (!Number.isInteger(number) || number < 1) { // ran
    response.writeHead(400).end('not a positive number\n'); // not
    return; // not
  }
  response.end(`${steps(number)}\n`); // ran
}

if (cluster.isPrimary) {
  cluster.fork(); // ran
  cluster.fork(); // ran
} else {
  http.createServer(answer).listen(process.argv[2], '127.0.0.1', () => console.log('listens')); // ran
}
