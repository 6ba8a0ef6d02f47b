import type { MutationTest } from '../grading-document.js';
import { type Mutant, mutantOf, type SourceFile } from './mutant.js';

/** What a generator made of the reference; or that it cannot work, which is no fault of the submission. */
export type Generated =
  | {
      readonly ok: true;
      readonly mutants: readonly Mutant[];
      /** The reference, written in other ways that do the same. */
      readonly rewrites: readonly (readonly SourceFile[])[];
    }
  | { readonly ok: false; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what a generator of `worker/graders/mutation/` reported: `bases`, the texts that mutants are made of, which do what the
 * reference does; `mutants`, each a piece of a base that another text stands for; `rewrites`. Generators run no code of
 * students, so that what they say is believed, and yet nothing that is not of this shape is taken.
 */
export function readGenerated(bytes: Uint8Array, test: MutationTest, reference: readonly SourceFile[]): Generated {
  const report = parsed(bytes);
  if (report === null) return { ok: false, reason: 'the generator of mutants left no report' };
  if (typeof report['fault'] === 'string') return { ok: false, reason: report['fault'].slice(0, 500) };
  const bases = sourcesOf(report['bases'], reference);
  const rewrites = Array.isArray(report['rewrites'])
    ? report['rewrites'].map((rewrite) => sourcesOf(rewrite, reference))
    : [];
  const list: readonly unknown[] = Array.isArray(report['mutants']) ? report['mutants'] : [];
  const mutants = list.flatMap((item) => (isFields(item) ? (mutantFrom(item, bases) ?? []) : []));
  const left = mutants.filter(({ id, files }) => files.length > 0 && !test.exclude.includes(id));
  return { ok: true, mutants: left.slice(0, test.generate?.max ?? 0), rewrites };
}

function mutantFrom(item: Fields, bases: readonly SourceFile[]): Mutant | null {
  const { id, description, path, start, end, text } = item;
  const base = bases.find((file) => file.path === path);
  if (base === undefined || typeof id !== 'string' || typeof text !== 'string') return null;
  if (typeof start !== 'number' || typeof end !== 'number') return null;
  const mutated = base.content.slice(0, start) + text + base.content.slice(end);
  const said = typeof description === 'string' ? description : null;
  return mutantOf(id, said, bases, new Map([[base.path, mutated]]));
}

/** All files of the reference, those that the generator was not given as they are. */
function sourcesOf(value: unknown, reference: readonly SourceFile[]): readonly SourceFile[] {
  const given = isFields(value) ? value : {};
  return reference.map(({ path, content }) => {
    const text = Object.hasOwn(given, path) ? given[path] : null;
    return { path, content: typeof text === 'string' ? text : content };
  });
}

function parsed(bytes: Uint8Array): Fields | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
