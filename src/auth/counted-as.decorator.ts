import { type CustomDecorator, SetMetadata } from '@nestjs/common';
import type { RateKind } from '../rates/rate-limits.js';

export const RATE_KIND = 'assay:rate';

/**
 * What else a request to the route counts as, besides one of its account (or its address, where nobody is signed in):
 * `signIn` counts by address, `costly` by account.
 */
export const CountedAs = (kind: Extract<RateKind, 'signIn' | 'costly'>): CustomDecorator =>
  SetMetadata(RATE_KIND, kind);
