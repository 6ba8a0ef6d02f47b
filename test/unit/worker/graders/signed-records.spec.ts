import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { newReportKey, signedRecords } from '../../../../src/worker/graders/unit/signed-records.js';

const key = newReportKey();
const signed = (number: number, record: string, by = key): string => {
  const body = `${number} ${record}`;
  return `\n${createHmac('sha256', by).update(body).digest('hex')} ${body}\n`;
};
const read = (...lines: readonly string[]) => signedRecords(Buffer.from(lines.join('')), key);

describe('signedRecords', () => {
  it('takes what was signed, whatever stands between', () => {
    expect(read(signed(0, '{"a":"ü"}'), 'garbage', signed(1, '{}'), '\0\0\n\n', signed(2, 'x'))).toEqual([
      '{"a":"ü"}',
      '{}',
      'x',
    ]);
  });

  it('takes nothing else', () => {
    const other = signed(1, 'forged', newReportKey());
    const again = signed(0, 'first');
    expect(read(again, other, again, signed(2, 'later'), `\n${'0'.repeat(64)} 1 {}\n`, signed(1, 'second'))).toEqual([
      'first',
      'second',
    ]);
    expect(read('\n'.repeat(1000), 'zz'.repeat(40))).toEqual([]);
    expect(read(signed(0, 'cut').slice(0, -3))).toEqual([]);
  });
});
