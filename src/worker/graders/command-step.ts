import type { CommandTest } from '../../grading/grading-document.js';
import { REPORT_LIMITS } from '../../grading/command-results/reported-case.js';
import type { RunOutcome } from '../../sandbox/run-outcome.js';

/**
 * Runs the command `$1` and then writes the files that `$2` names to the descriptor 3, each after a NUL, which none of the
 * formats holds. No file of the host is ever opened: what lies there is read where the command ran, under its limits.
 *
 * What the submission or its build left in the place of the results goes first: it would be taken for them where the command
 * fails before it writes any. The command does not have the descriptor. One file more than there may be, and one byte more of
 * each, are sent, so that whoever reads them sees that there was more.
 */
const COLLECTING = `run=$1 output=$2 pattern=$3
shift 3
IFS=
[ "$pattern" = yes ] || set -f
for file in ./$output; do rm -rf -- "$file"; done
case $output in */*) mkdir -p -- "./\${output%/*}" 2>/dev/null ;; esac
/bin/sh -c "$run" sh "$@" 3>&-
status=$?
count=0
for file in ./$output; do
  [ -f "$file" ] || continue
  printf '\\000' >&3
  count=$((count + 1))
  [ "$count" -le ${REPORT_LIMITS.files} ] || break
  head -c ${REPORT_LIMITS.bytes + 1} -- "$file" >&3
done
exit "$status"`;

/** What of a test says which command is run, and where its results lie. */
type Commanded = Pick<CommandTest, 'run' | 'args' | 'format' | 'output'>;

/** The program that a `command` test runs, and whether it reports over a descriptor. */
export function commandStep({ run, args, format, output }: Commanded): {
  readonly argv: readonly string[];
  readonly reports: boolean;
} {
  // The word after the command is `$0`; what follows is `"$@"`.
  if (output === null) return { argv: ['/bin/sh', '-c', run, 'sh', ...args], reports: false };
  const pattern = format === 'junit-xml' ? 'yes' : 'no';
  return { argv: ['/bin/sh', '-c', COLLECTING, 'sh', run, output, pattern, ...args], reports: true };
}

/** The results files that a run of `commandStep` left; standard output is one where the test names no file. */
export function resultsOf({ output }: Pick<CommandTest, 'output'>, { stdout, report }: RunOutcome): readonly Buffer[] {
  if (output === null) return stdout.length === 0 ? [] : [stdout];
  const files: Buffer[] = [];
  const bytes = report ?? Buffer.alloc(0);
  for (let start = bytes.indexOf(0); start !== -1;) {
    const end = bytes.indexOf(0, start + 1);
    files.push(bytes.subarray(start + 1, end === -1 ? bytes.length : end));
    // A hostile report holds nothing but NULs; one file too many says enough.
    if (files.length > REPORT_LIMITS.files) break;
    start = end;
  }
  return files;
}
