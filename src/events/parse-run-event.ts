import type { RunEvent, RunEventKind } from './run-events.js';

const KINDS: readonly RunEventKind[] = ['status', 'test', 'graded'];

/** The event that a text from another process holds; null when it holds none, as when a newer version wrote it. */
export function parseRunEvent(text: string): RunEvent | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value)) return null;
  const { submissionId, runNumber, id, kind, data } = value;
  const knownKind = KINDS.find((one) => one === kind);
  if (typeof submissionId !== 'string' || !isCount(runNumber) || !isCount(id) || knownKind === undefined) return null;
  return isRecord(data) ? { submissionId, runNumber, id, kind: knownKind, data } : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
