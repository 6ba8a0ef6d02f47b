'use strict';
const { readFileSync } = require('node:fs');

const newNode = () => ({ words: new Map(), parameter: null, handlers: new Map(), rests: new Map() });

function segmentsOf(path) {
  const inner = path.slice(1);
  const trimmed = inner.endsWith('/') ? inner.slice(0, -1) : inner;
  return trimmed === '' && inner !== '/' ? [] : trimmed.split('/');
}

function addRoute(root, method, pattern, handler) {
  let node = root;
  const names = [];
  for (const segment of segmentsOf(pattern)) {
    if (segment.startsWith('*')) {
      node.rests.set(method, { handler, names: [...names, segment.slice(1)] });
      return;
    }
    if (segment.startsWith(':')) {
      names.push(segment.slice(1));
      node = node.parameter ??= newNode();
    } else {
      if (!node.words.has(segment)) node.words.set(segment, newNode());
      node = node.words.get(segment);
    }
  }
  node.handlers.set(method, { handler, names });
}

/** Takes the best branch at each step and never comes back from it. */
function* matches(node, segments, at, values) {
  if (at === segments.length) {
    for (const [method, route] of node.handlers) yield { method, ...route, values };
    return;
  }
  const segment = segments[at];
  const next = node.words.get(segment);
  if (next !== undefined) return yield* matches(next, segments, at + 1, values);
  if (node.parameter !== null && segment !== '') yield* matches(node.parameter, segments, at + 1, [...values, segment]);
  const rest = segments.slice(at).join('/');
  for (const [method, route] of node.rests) yield { method, ...route, values: [...values, rest] };
}

function answer(root, method, path) {
  let segments;
  try {
    segments = segmentsOf(path).map(decodeURIComponent);
  } catch {
    return '400';
  }
  const methods = new Set();
  for (const match of matches(root, segments, 0, [])) {
    if (match.method === method) {
      return ['200', match.handler, ...match.names.map((name, i) => `${name}=${match.values[i]}`)].join(' ');
    }
    methods.add(match.method);
  }
  return methods.size > 0 ? `405 ${[...methods].sort().join(', ')}` : '404';
}

const [routes, requests] = readFileSync(0, 'utf8').trimEnd().split('\n\n');
const root = newNode();
for (const line of routes.split('\n')) addRoute(root, ...line.split(' '));
for (const line of requests.split('\n')) console.log(answer(root, ...line.split(' ')));
