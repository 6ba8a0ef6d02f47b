import { describe, expect, it } from 'vitest';
import { oneLine, paragraphs } from '../../../src/mail/mail-text.js';

describe('a line of a mail', () => {
  it('holds no break, no control character and nothing that turns the direction', () => {
    expect(oneLine('a\r\nBcc: b\u2028c\u202ed\0e\ud800')).toBe('a Bcc: b c d e');
    expect(oneLine('  Zoë ✓ ')).toBe('Zoë ✓');
  });

  it('is cut between characters', () => {
    expect(oneLine('x'.repeat(100))).toHaveLength(100);
    expect(oneLine('😀'.repeat(101))).toBe(`${'😀'.repeat(99)}…`);
  });
});

describe('paragraphs', () => {
  it('are parted by blank lines and end in a break', () => {
    expect(paragraphs('One.', ['Two,', 'on two lines.'])).toBe('One.\n\nTwo,\non two lines.\n');
  });
});
