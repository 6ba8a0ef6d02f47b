import { Injectable } from '@nestjs/common';
import { Environment } from '../config/env.js';
import { DomainError, type FieldError } from '../errors/domain-error.js';
import { documentSizeFault } from '../grading/document-size.js';
import type { GradingDocument } from '../grading/grading-document.js';
import { parseGradingDocument } from '../grading/parse-grading-document.js';
import { maxPoints } from '../grading/score.js';
import { mergePatch } from '../http/merge-patch.js';
import { KNOWN_RUNTIMES } from './known-runtimes.js';

/** A grading document that was checked. */
export interface CheckedGrading {
  /** As it was sent. */
  readonly source: object;
  /** With every default filled in. */
  readonly document: GradingDocument;
  readonly maxPoints: number;
}

type Source = Record<string, unknown>;

/** Checks the grading documents that instructors send, within the operator's ceilings. */
@Injectable()
export class GradingCheck {
  constructor(private readonly environment: Environment) {}

  /** @throws DomainError `invalid` with one fault for each, below `/grading`. */
  check(source: object): CheckedGrading {
    const parsed = this.parse(source);
    if (Array.isArray(parsed)) throw DomainError.invalid(parsed);
    return parsed;
  }

  /** Merges a patch into a document (RFC 7396). @throws DomainError `invalid` where the outcome is not a valid one. */
  checkPatch(present: object, patch: Source): CheckedGrading {
    // Before merging, which recurses.
    const tooLarge = documentSizeFault(patch);
    if (tooLarge !== null) throw DomainError.invalid([{ path: '/grading', message: tooLarge }]);
    const source = mergePatch(present, patch);
    const parsed = this.parse(source);
    if (!Array.isArray(parsed)) return parsed;
    const kept = Object.keys(present).filter((name) => name in source && !(name in patch));
    if (kept.length === 0) throw DomainError.invalid(parsed);
    const message = `was merged with what is there (RFC 7396), which kept ${kept.join(', ')}: send null for what shall go`;
    throw DomainError.invalid([...parsed, { path: '/grading', message }]);
  }

  private parse(source: object): CheckedGrading | FieldError[] {
    const parsed = parseGradingDocument(source, {
      runtimes: KNOWN_RUNTIMES,
      ceilings: this.environment.limitCeilings,
    });
    if (!parsed.ok) return parsed.errors.map(({ path, message }) => ({ path: `/grading${path}`, message }));
    return { source, document: parsed.document, maxPoints: maxPoints(parsed.document) };
  }
}
