// The same as an ES module.
import { createServer } from 'node:http';

import { work, later } from './part.mjs';

const [, , port, end] = process.argv;

export const answer = (request, response) => {
  response.setHeader('Connection', 'close');
  response.end(work(request.url));
};

const { lazy } = await import('./lazy.mjs');
later(answer.name, lazy());
const server = createServer(answer).listen(Number(port), '127.0.0.1');
if (end === 'module_exit') {
  process.on('SIGTERM', () => { //: module_exit
    process.exit(0); //: module_exit
  });
}
export { server };
