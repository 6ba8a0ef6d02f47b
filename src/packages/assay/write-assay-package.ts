import { Document, isScalar, Scalar, visit } from 'yaml';
import { relativePathFault } from '../../grading/relative-path.js';
import type { ModelSubmission } from '../model-submission.js';
import type { PackageFiles } from '../package-tree.js';
import { isMap, type YamlMap } from '../read-yaml.js';
import { fileNode, fileTag } from './file-reference.js';
import { ASSIGNMENT_FILE, INSTRUCTIONS_FILE, PACKAGE_VERSION } from './read-assay-package.js';
import { listEntryOf, SUBMISSION_LIST } from './submission-list.js';

/** What a package is written of. */
export interface WrittenAssignment {
  /** Everything but instructions and grading, in the order in which it is to be written. */
  readonly fields: YamlMap;
  readonly instructions: string;
  /** As it was sent. */
  readonly grading: object;
  readonly models: readonly ModelSubmission[];
}

const OPTIONS = { customTags: [fileTag], aliasDuplicateObjects: false };

/** Longer texts are files of their own, so that `assignment.yaml` can be read. */
const LONGEST_INLINE = 300;

/** What YAML must quote to be read as it was. */
const NEEDS_QUOTES = /[^\n\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\uffef]| \n|^\s|\s$/;

/**
 * Writes an assignment as a package that `readAssayPackage` reads as the same. The same assignment gives the same files.
 */
export function writeAssayPackage({ fields, instructions, grading, models }: WrittenAssignment): PackageFiles {
  const files = new Map<string, Uint8Array>();
  const document = new Document({ assay: PACKAGE_VERSION, ...fields, grading }, OPTIONS);
  for (const { path, file, content } of movedOut(grading)) {
    files.set(file, content);
    document.setIn(['grading', ...path], fileNode(file));
  }
  files.set(ASSIGNMENT_FILE, Buffer.from(textOf(document)));
  if (instructions !== '') files.set(INSTRUCTIONS_FILE, Buffer.from(instructions));
  const list: Record<string, unknown> = {};
  for (const model of models) {
    for (const { path, content } of model.files) files.set(`submissions/${model.path}/${path}`, content);
    const entry = listEntryOf(model.path.split('/', 1)[0] ?? '', model);
    if (entry !== null) list[model.path] = entry;
  }
  if (Object.keys(list).length > 0) files.set(SUBMISSION_LIST, Buffer.from(textOf(new Document(list, OPTIONS))));
  return files;
}

function textOf(document: Document): string {
  visit(document, {
    Scalar: (_, node) => {
      if (isScalar(node) && typeof node.value === 'string' && NEEDS_QUOTES.test(node.value)) {
        node.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity });
}

interface MovedText {
  readonly path: readonly (string | number)[];
  readonly file: string;
  readonly content: Uint8Array;
}

/** The texts that become files: the content of files, and whatever else is long. */
function movedOut(grading: object): readonly MovedText[] {
  const moved: MovedText[] = [];
  const taken = new Set<string>();
  const move = (path: readonly (string | number)[], wanted: string, content: Uint8Array): void => {
    let file = wanted;
    // Names may differ in case alone, which some systems do not keep apart.
    for (let number = 2; taken.has(file.toLowerCase()); number += 1) file = wanted.replace(/(\.\w+)?$/, `-${number}$1`);
    taken.add(file.toLowerCase());
    moved.push({ path, file, content });
  };
  const walk = (value: unknown, path: readonly (string | number)[]): void => {
    if (typeof value === 'string' && value.length > LONGEST_INLINE) move(path, testFileOf(path), Buffer.from(value));
    if (Array.isArray(value)) for (const [index, item] of value.entries()) walk(item, [...path, index]);
    if (isMap(value)) for (const [name, item] of Object.entries(value)) walk(item, [...path, name]);
  };
  for (const [name, value] of Object.entries(grading)) {
    if (name === 'files' && Array.isArray(value)) {
      for (const [index, file] of value.entries()) {
        const content = contentOf(file);
        if (content !== null) move(['files', index, 'content'], `files/${content.path}`, content.bytes);
      }
    } else walk(value, [name]);
  }
  return moved;
}

/** Null for what would not come back as it is written. */
function contentOf(file: unknown): { readonly path: string; readonly bytes: Uint8Array } | null {
  if (!isMap(file)) return null;
  const { path, content, encoding } = file;
  if (typeof path !== 'string' || typeof content !== 'string' || relativePathFault(path) !== null) return null;
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8');
  return encoding === 'base64' && bytes.toString('base64') !== content ? null : { path, bytes };
}

/** `tests/0/stdin` → `tests/001.in`, `tests/0/expect/stdout` → `tests/001.out`; else all names joined. */
function testFileOf(path: readonly (string | number)[]): string {
  const [first, index, ...rest] = path;
  if (first !== 'tests' || typeof index !== 'number') return `tests/${safe(path)}.txt`;
  const number = String(index + 1).padStart(3, '0');
  const ending = { stdin: '.in', 'expect-stdout': '.out', 'expect-stderr': '.err' }[safe(rest)] ?? `-${safe(rest)}.txt`;
  return `tests/${number}${ending}`;
}

function safe(path: readonly (string | number)[]): string {
  return path
    .join('-')
    .replaceAll(/[^\w-]/g, '_')
    .slice(0, 100);
}
