import { REPORT_LIMITS } from './reported-case.js';

const STRICT = new TextDecoder('utf-8', { fatal: true });

/** `bytes` as text without a byte order mark, or why they are none, as the end of a sentence about them. */
export function readText(
  bytes: Uint8Array,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly fault: string } {
  if (bytes.length > REPORT_LIMITS.bytes) {
    return { ok: false, fault: `are larger than ${REPORT_LIMITS.bytes / 1_048_576} MiB.` };
  }
  try {
    return { ok: true, text: STRICT.decode(bytes) };
  } catch {
    return { ok: false, fault: 'are not UTF-8.' };
  }
}
