/** `*` within a name and `{a,b}`; a pattern for a folder is one for all in it. Linear: no pattern of an author is compiled. */
export function globMatches(glob: string, path: string): boolean {
  return braces(glob).some((pattern) => {
    const [wanted, names] = [pattern.split('/'), path.split('/')];
    return wanted.length <= names.length && wanted.every((part, index) => nameMatches(part, names[index] ?? ''));
  });
}

function nameMatches(pattern: string, name: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return pattern === name;
  if (!name.startsWith(first)) return false;
  let position = first.length;
  for (const [index, part] of rest.entries()) {
    if (index === rest.length - 1) return name.length - part.length >= position && name.endsWith(part);
    const found = name.indexOf(part, position);
    if (found === -1) return false;
    position = found + part.length;
  }
  return true;
}

const MOST_BRACES = 100;

function braces(glob: string): readonly string[] {
  let patterns = [glob];
  for (let round = 0; round < 8; round += 1) {
    const next = patterns.flatMap((pattern) => {
      const group = /\{([^{}]*)\}/.exec(pattern);
      if (group === null) return [pattern];
      return (group[1] ?? '').split(',').map((word) => pattern.replace(group[0], () => word));
    });
    if (next.length === patterns.length || next.length > MOST_BRACES) return patterns;
    patterns = next;
  }
  return patterns;
}
