import { readFileSync } from 'node:fs';
import { compile, match } from './routes.js';

const [routeBlock, requestBlock] = readFileSync(0, 'utf8').trimEnd().split('\n\n');
const routes = compile(routeBlock.split('\n'));

for (const request of requestBlock.split('\n')) {
  const [method, path] = request.split(' ');
  console.log(match(routes, method, path));
}
