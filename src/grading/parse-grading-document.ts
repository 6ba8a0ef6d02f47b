import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { DocumentFault } from './document-fault.js';
import { documentFaults } from './document-faults.js';
import { documentSizeFault } from './document-size.js';
import type { GradingDocument } from './grading-document.js';
import { gradingDocumentSchema } from './grading-schema.js';
import type { LimitCeilings } from './limits.js';
import { normaliseGradingDocument } from './normalise-grading-document.js';
import type { RawGradingDocument } from './raw-grading-document.js';
import { schemaFault } from './schema-fault.js';

/** What a document is checked against besides its schema. */
export interface ParseOptions {
  /** Keys of the runtimes that may be named. */
  readonly runtimes: readonly string[];
  readonly ceilings: LimitCeilings;
}

/** A document with every default filled in, or at least one and at most `MAX_REPORTED_FAULTS` faults. */
export type ParsedGradingDocument =
  | { readonly ok: true; readonly document: GradingDocument }
  | { readonly ok: false; readonly errors: readonly DocumentFault[] };

/** More faults than this help nobody. */
export const MAX_REPORTED_FAULTS = 50;

const matchesSchema = new Ajv2020({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
}).compile<RawGradingDocument>(gradingDocumentSchema);

/**
 * Checks `input`, a grading document as JSON or YAML gave it, and fills in what it leaves out. Never throws, whatever
 * `input` is, and does not change it. The size comes first, then the schema, and only for a document that has the right
 * shape what no schema can say: the faults of the first of these three that finds any are returned.
 *
 * A document that was returned parses to an equal one under the same options. Defaults are kept within the ceilings, and
 * a `wallMs` that is left out becomes three times `timeMs` (as the defaults are), in tests too that raise `timeMs`.
 */
export function parseGradingDocument(input: unknown, options: ParseOptions): ParsedGradingDocument {
  const tooLarge = documentSizeFault(input);
  if (tooLarge !== null) return { ok: false, errors: [{ path: '', message: tooLarge }] };
  if (!matchesSchema(input)) {
    return refuse(schemaFaults(matchesSchema.errors ?? []));
  }
  const faults = documentFaults(input, options);
  if (faults.length > 0) return refuse(faults);
  return { ok: true, document: normaliseGradingDocument(input, options.ceilings) };
}

/** Explains errors one by one: a hostile document has thousands, of which few are reported. */
function* schemaFaults(errors: readonly ErrorObject[]): Generator<DocumentFault> {
  for (const error of errors) {
    const fault = schemaFault(error);
    if (fault !== null) yield fault;
  }
}

function refuse(faults: Iterable<DocumentFault>): ParsedGradingDocument {
  const distinct = new Map<string, DocumentFault>();
  for (const fault of faults) {
    distinct.set(`${fault.path}\n${fault.message}`, fault);
    if (distinct.size === MAX_REPORTED_FAULTS) break;
  }
  return { ok: false, errors: [...distinct.values()] };
}
