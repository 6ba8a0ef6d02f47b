/** A letter for each segment, so that sorting the letters sorts by precedence: word, parameter, rest. */
const rankOf = (segment) => (segment.startsWith(':') ? 'b' : segment.startsWith('*') ? 'c' : 'a');

const split = (path) => (path === '/' ? [] : path.replace(/\/$/, '').slice(1).split('/'));

export function compile(lines) {
  return lines
    .map((line) => {
      const [method, pattern, handler] = line.split(' ');
      const segments = split(pattern);
      return { method, handler, segments, rank: segments.map(rankOf).join('') };
    })
    .sort((one, other) => (one.rank < other.rank ? -1 : 1));
}

function parametersOf(pattern, segments) {
  const found = [];
  for (const [i, want] of pattern.entries()) {
    if (want.startsWith('*')) return i < segments.length ? [...found, [want.slice(1), segments.slice(i).join('/')]] : null;
    if (i >= segments.length) return null;
    if (want.startsWith(':')) {
      if (segments[i] === '') return null;
      found.push([want.slice(1), segments[i]]);
    } else if (want !== segments[i]) return null;
  }
  return pattern.length === segments.length ? found : null;
}

export function match(routes, method, path) {
  let segments;
  try {
    segments = split(path).map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return '400';
    throw error;
  }
  const allowed = new Set();
  for (const route of routes) {
    const parameters = parametersOf(route.segments, segments);
    if (parameters === null) continue;
    if (route.method === method) {
      return `200 ${route.handler} ${parameters.map((pair) => pair.join('=')).join(' ')}`.trimEnd();
    }
    allowed.add(route.method);
  }
  return allowed.size === 0 ? '404' : `405 ${[...allowed].sort().join(', ')}`;
}
