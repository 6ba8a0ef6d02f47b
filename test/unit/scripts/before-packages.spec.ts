import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const scripts = new URL('../../../scripts/', import.meta.url);

/** What a module and all that it imports at once import that is neither Node's own nor a file beside them. */
function packagesOf(file: URL, seen = new Set<string>()): string[] {
  if (seen.has(file.href)) return [];
  seen.add(file.href);
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm)].flatMap(([, name = '']) => {
    if (name.startsWith('node:')) return [];
    return name.startsWith('.')
      ? packagesOf(new URL(name, file), seen)
      : [`${name} in ${file.pathname.split('/').at(-1)}`];
  });
}

describe('commands of a fresh clone, where no package is installed yet', () => {
  it.each(['quickstart', 'test', 'lint', 'start', 'bench', 'chaos', 'import', 'toolbox', 'build', 'sandbox-check'])(
    '%s begin with Node alone',
    (name) => {
      expect(packagesOf(new URL(`${name}.mjs`, scripts))).toEqual([]);
    },
  );
});
