import { expect } from 'vitest';

/** Within `toEqual`: any text that looks like this. (Vitest's own matchers are of type any.) */
export const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

/** Within `toEqual`: any text, or any number. */
export const anyOf = (type: typeof String | typeof Number): unknown => expect.any(type);
