/** Bounds of paths in submissions and grading documents: UTF-8 bytes of the whole and of one name, and names in one path. */
export const PATH_LIMITS = { pathBytes: 1024, nameBytes: 255, depth: 10 } as const;

/** Characters that look like `/` or change the direction or line of what a person reads. */
const DECEPTIVE = /[\u2044\u2215\uff0f\u29f8\u202a-\u202e\u2066-\u2069\u2028\u2029]/u;
const CONTROL = /\p{Cc}/u;
const LONE_SURROGATE = /\p{Surrogate}/u;
const DRIVE_LETTER = /^[A-Za-z]:/;

/**
 * Why `path` may not name a file of a submission or of a grading document, as the end of a sentence about it ("must
 * …"); null when it may. Nothing is repaired: a path is taken as it is or refused.
 *
 * The attack: a path that, joined to a folder, leads out of it (`../../etc/cron.d/x`, `/etc/passwd`, `C:\x`, and on a
 * lenient file system `..\x`), ends in the middle (`a\0.py`), or is shown to a person as something that it is not
 * (look-alikes of the slash, reversed text, names that differ in a final dot or space). Names that begin with a dot or a
 * tilde are plain names here, since no shell expands them.
 */
export function relativePathFault(path: string): string | null {
  if (path === '') return 'must name a file: it is empty';
  if (LONE_SURROGATE.test(path)) return 'must be valid Unicode';
  if (CONTROL.test(path)) return 'must not contain control characters, such as NUL or a line break';
  if (path.includes('\\')) return 'must separate folders by "/", not by a backslash';
  if (DECEPTIVE.test(path)) return 'must not contain characters that look like a slash or turn the direction of text';
  if (path.startsWith('/')) return 'must be relative: take away the "/" at its start';
  if (DRIVE_LETTER.test(path)) return 'must be relative: take away the drive letter';
  if (byteLength(path) > PATH_LIMITS.pathBytes) return `must be at most ${PATH_LIMITS.pathBytes} bytes long`;
  const names = path.split('/');
  if (names.length > PATH_LIMITS.depth) return `must be at most ${PATH_LIMITS.depth} names deep`;
  for (const name of names) {
    const fault = nameFault(name);
    if (fault !== null) return fault;
  }
  return null;
}

function nameFault(name: string): string | null {
  if (name === '') return 'must not have an empty name: take away a "/" at its end or a double one';
  if (name === '..') return 'must stay in its folder: take away ".."';
  if (name === '.') return 'must not contain the name "."';
  if (name.endsWith('.') || name.endsWith(' ')) return 'must not have a name that ends in a dot or a space';
  if (byteLength(name) > PATH_LIMITS.nameBytes) return `must have names of at most ${PATH_LIMITS.nameBytes} bytes`;
  return null;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * Why the files at `paths`, each without fault by itself, cannot lie in one folder; null when they can. Refused are a
 * path named twice, two that differ only in case or in Unicode composition (on some systems the second overwrites the
 * first, so that another file is graded than was shown), and one that is a file and also a folder of another.
 */
export function pathSetFault(paths: readonly string[]): string | null {
  const files = new Map<string, string>();
  for (const path of paths) {
    const other = files.get(fold(path));
    if (other === path) return `"${path}" is named twice`;
    if (other !== undefined) return `"${other}" and "${path}" differ only in case or in how letters are composed`;
    files.set(fold(path), path);
  }
  const folders = new Map<string, string>();
  for (const path of paths) {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      const folder = path.slice(0, slash);
      const file = files.get(fold(folder));
      if (file !== undefined) return `"${file}" is a file and, in "${path}", also a folder`;
      const other = folders.get(fold(folder));
      if (other !== undefined && other !== folder) {
        return `the folders "${other}" and "${folder}" differ only in case or in how letters are composed`;
      }
      folders.set(fold(folder), folder);
    }
  }
  return null;
}

function fold(path: string): string {
  return path.normalize('NFC').toLowerCase().normalize('NFC');
}
