import { type SplitScript, splitScript } from '../../grading/sql/split-script.js';
import type { SqlEngineName } from '../../grading/sql/sql-engine-name.js';
import type { SandboxFile } from '../../sandbox/sandbox.js';

/** Larger scripts are data, which belong into the setup. */
const LARGEST_SCRIPT_BYTES = 1_048_576;

/** The statements of the file that a submission is to be run by, or what keeps it from being run, for the student. */
export function submittedScript(submitted: readonly SandboxFile[], path: string, engine: SqlEngineName): SplitScript {
  const file = submitted.find((candidate) => candidate.path === path);
  if (file === undefined) return { ok: false, fault: `The submission has no file ${path}.`, line: 0 };
  if (file.content.length > LARGEST_SCRIPT_BYTES) {
    return { ok: false, fault: `The file ${path} is larger than ${LARGEST_SCRIPT_BYTES / 1_048_576} MiB.`, line: 0 };
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.content);
  } catch {
    return { ok: false, fault: `The file ${path} is not text in UTF-8.`, line: 0 };
  }
  const script = splitScript(text, engine);
  if (script.ok && script.statements.length === 0) {
    return { ok: false, fault: `The file ${path} holds no statement.`, line: 0 };
  }
  return script;
}
