import { validateSync } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { IsEmail, IsSingleLine, Length, MaxLength } from '../../../src/http/text.decorators.js';

function messagesOf(decorate: PropertyDecorator, value: unknown): readonly string[] {
  class Dto {
    text = value;
  }
  decorate(Dto.prototype, 'text');
  return validateSync(new Dto()).flatMap(({ constraints }) => Object.values(constraints ?? {}));
}

describe('the length of a text', () => {
  it.each([
    ['letters', 'x'.repeat(4)],
    ['characters beyond the basic plane, which count once', '😀'.repeat(4)],
    ['letters with variation selectors, which count as databases count them', 'a\ufe0f'.repeat(2)],
  ])('may be exactly the most: %s', (_, text) => {
    expect(messagesOf(Length(1, 4), text)).toEqual([]);
    expect(messagesOf(MaxLength(4), text)).toEqual([]);
  });

  it.each([
    ['letters', 'x'.repeat(5)],
    ['emoji', '😀'.repeat(5)],
    ['letters with variation selectors', 'a\ufe0f'.repeat(4)],
    ['many megabytes', 'x'.repeat(5_000_000)],
  ])('may not be more: %s', (_, text) => {
    const message = ['text must be shorter than or equal to 4 characters'];
    expect(messagesOf(Length(1, 4), text)).toEqual(message);
    expect(messagesOf(MaxLength(4), text)).toEqual(message);
  });

  it('may not be less', () => {
    expect(messagesOf(Length(2, 4), '😀')).toEqual(['text must be longer than or equal to 2 characters']);
    expect(messagesOf(MaxLength(4), '')).toEqual([]);
  });

  it.each([null, 7, ['x'], { length: 3 }])('is one of a text only: %j', (value) => {
    expect(messagesOf(Length(1, 4), value)).toHaveLength(1);
    expect(messagesOf(MaxLength(4), value)).toHaveLength(1);
  });
});

describe('an e-mail address', () => {
  it.each([
    'ada@example.org',
    'ada+x@sub.example.org',
    'ädä@example.org',
    "o'hara@example.org",
    'a@xn--bcher-kva.example',
  ])('may be %s', (text) => {
    expect(messagesOf(IsEmail(), text)).toEqual([]);
  });

  it.each([
    '',
    'ada',
    'ada@',
    '@example.org',
    '"a\r\nBcc: b"@example.org',
    '"a b"@example.org',
    '"\u0001"@example.org',
    'a\u202eb@example.org',
    'a\u200bb@example.org',
    'a\ud800b@example.org',
    '\udc00@example.org',
    `${'a'.repeat(5_000_000)}@example.org`,
  ])('may not be %j', (text) => {
    expect(messagesOf(IsEmail(), text)).toEqual(['text must be an email']);
  });
});

describe('a text of one line', () => {
  it.each(['Ada Lovelace', 'עדה', '李', 'a\u200db', '😀'])('may be %s', (text) => {
    expect(messagesOf(IsSingleLine(), text)).toEqual([]);
  });

  it.each(['a\nb', 'a\u2028b', 'a\u0000b', '\u001b[31m', 'a\ud800', 'gnp\u202e.sh', 'a\u2066b', ' '])(
    'may not be %j',
    (text) => {
      expect(messagesOf(IsSingleLine(), text)).toHaveLength(1);
    },
  );
});
