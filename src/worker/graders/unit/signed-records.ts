import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const MAC_CHARACTERS = 64;
/** More than any framework tells of the most cases that count. */
const MOST_RECORDS = 20_000;

/** Signs what a harness tells during one run. It is made for that run, and given to the harness on its standard input. */
export function newReportKey(): Buffer {
  return randomBytes(32);
}

/**
 * The records in a report that were made with `key`, in their order. Each stands on a line of its own: the code, a blank, its number,
 * a blank, and what it says. Lines with another code are the submission's and are left out, as are numbers that came before.
 */
export function signedRecords(report: Buffer, key: Buffer): readonly string[] {
  const records: string[] = [];
  for (let start = 0; start < report.length && records.length < MOST_RECORDS;) {
    const found = report.indexOf(0x0a, start);
    const end = found === -1 ? report.length : found;
    const record = recordOf(report.subarray(start, end), key, records.length);
    if (record !== null) records.push(record);
    start = end + 1;
  }
  return records;
}

function recordOf(line: Buffer, key: Buffer, number: number): string | null {
  if (line.length <= MAC_CHARACTERS) return null;
  const body = line.subarray(MAC_CHARACTERS + 1);
  // Before the code is worked out: a submission can write a great many lines.
  if (!body.subarray(0, 16).toString('latin1').startsWith(`${number} `)) return null;
  const expected = createHmac('sha256', key).update(body).digest();
  const given = Buffer.from(line.subarray(0, MAC_CHARACTERS).toString('latin1'), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return body.toString('utf8').slice(`${number} `.length);
}
