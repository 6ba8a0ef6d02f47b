import { relativePathFault } from '../relative-path.js';
import { wildcardMatches } from './wildcard.js';

/**
 * Whether the pattern stands for the path: `*` and `?` within a name, `**` for any number of folders, none among them. A
 * pattern means the whole path: `*.py` names files of the outermost folder only.
 */
export function pathMatches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const names = path.split('/');
  // Which beginnings of the path the pattern up to here can stand for.
  let reached = names.map(() => false).concat(false);
  reached[0] = true;
  for (const part of wanted) {
    const next = reached.map(() => false);
    for (let index = 0; index < reached.length; index += 1) {
      const isReachedBefore = index > 0 && reached[index - 1] === true;
      next[index] =
        part === '**'
          ? reached[index] === true || (index > 0 && next[index - 1] === true)
          : isReachedBefore && wildcardMatches(part, names[index - 1] ?? '', true);
    }
    reached = next;
  }
  return reached[names.length] === true;
}

/** Why a text is no pattern of paths, as the end of a sentence about it; null when it is one. */
export function pathPatternFault(pattern: string): string | null {
  if (pattern.split('/').some((part) => part !== '**' && part.includes('**'))) {
    return 'must have "**" as a whole name between slashes, such as **/*.py';
  }
  return relativePathFault(pattern);
}
