import { describe, expect, it } from 'vitest';
import { freeSlug, slugOf } from '../../../src/assignments/slug.js';

describe('slugOf', () => {
  it.each([
    ['LRU cache', 'lru-cache'],
    ['  Two -- hyphens  ', 'two-hyphens'],
    ['Größe & Maß', 'grosse-mass'],
    ['Éléments à trier', 'elements-a-trier'],
    ['Łódź, Øresund, Straße', 'lodz-oresund-strasse'],
    ['İstanbul’s ﬁle', 'istanbuls-file'],
    ["Don't repeat", 'dont-repeat'],
    ['C++ №5', 'c-no5'],
    ['課題', 'assignment'],
    ['!!!', 'assignment'],
    ['', 'assignment'],
    ['../../etc/passwd', 'etc-passwd'],
  ])('makes of %j %j', (title, slug) => {
    expect(slugOf(title)).toBe(slug);
  });

  it('is short, and does not end in a hyphen where it is cut', () => {
    const slug = slugOf(`${'x'.repeat(79)} and more`);
    expect(slug).toBe('x'.repeat(79));
  });
});

describe('freeSlug', () => {
  it('counts on until one is free', () => {
    expect(freeSlug('a', new Set())).toBe('a');
    expect(freeSlug('a', new Set(['a-2']))).toBe('a');
    expect(freeSlug('a', new Set(['a', 'a-2', 'a-4']))).toBe('a-3');
  });
});
