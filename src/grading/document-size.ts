import { DOCUMENT_LIMITS } from './schema-parts.js';

const ENCODER = new TextEncoder();
const TOO_MANY_VALUES = `must hold at most ${DOCUMENT_LIMITS.documentValues} values in all`;

/** Bytes of `text` in UTF-8. */
export function utf8Length(text: string): number {
  return ENCODER.encode(text).length;
}

/**
 * Why `input` is too large to be looked at as a grading document, as the end of a sentence about it; null when it is not.
 * Stops at the bound, so that a value that contains itself, or a YAML document whose aliases multiply, costs no more
 * than one at the bound.
 */
export function documentSizeFault(input: unknown): string | null {
  let bytes = 0;
  let values = 0;
  const pending: { readonly value: unknown; readonly depth: number }[] = [{ value: input, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, depth } = next;
    values += 1;
    if (depth > DOCUMENT_LIMITS.documentDepth) return `must be nested at most ${DOCUMENT_LIMITS.documentDepth} deep`;
    if (typeof value === 'string') bytes += utf8Length(value);
    else if (typeof value === 'object' && value !== null) {
      const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
      if (values + pending.length + members.length > DOCUMENT_LIMITS.documentValues) return TOO_MANY_VALUES;
      for (const member of members) pending.push({ value: member, depth: depth + 1 });
      if (!Array.isArray(value)) for (const name of Object.keys(value)) bytes += utf8Length(name);
    } else bytes += 8;
    if (bytes > DOCUMENT_LIMITS.documentBytes) {
      return `must be at most ${DOCUMENT_LIMITS.documentBytes / 1_048_576} MiB in all: make test data smaller`;
    }
  }
  return null;
}
