/**
 * @typedef {object} Item one submission as a client knows it
 * @property {string} name for messages
 * @property {string} assignmentId
 * @property {string} studentId
 * @property {string | null} id what a 202 named; null: none was heard
 * @property {boolean} isUncertain no 202 was heard and no refusal either: it may be stored, once
 * @property {readonly string[]} otherIds ids that a repetition with the same key was answered with and that are not `id`
 * @property {readonly string[]} ends every terminal state that the client ever read, as `status verdict score`
 * @property {readonly string[]} expected the ends that are right, in the same form
 *
 * @typedef {object} Facts what the database holds of the assignments of the items
 * @property {readonly { id: string, assignmentId: string, studentId: string, attempt: number, status: string, verdict: string | null, score: number | null, currentRunId: string }[]} submissions
 * @property {readonly { id: string, submissionId: string, number: number, status: string, verdict: string | null }[]} runs
 * @property {readonly { runId: string, position: number }[]} results
 * @property {readonly string[]} waiting ids of runs that the outbox still has
 * @property {ReadonlyMap<string, number>} testsOf how many tests an assignment has
 *
 * @typedef {object} Judgement
 * @property {number} accepted
 * @property {string[]} lost accepted, and not stored, or never ended
 * @property {string[]} doubled stored, run or recorded more than once
 * @property {string[]} wrong ended, and not as it must have
 */

const TERMINAL = new Set(['graded', 'failed', 'cancelled']);

/** How an end is written, so that two of them can be compared. */
export function endOf({ status, verdict, score }) {
  return `${status} ${verdict ?? '-'} ${score ?? '-'}`;
}

/**
 * The audit: accepted ⊆ stored, each stored run has ended exactly once with one effective result, attempts are numbered
 * without gaps, and each program got its verdict. Nothing is asked of Assay's own bookkeeping: clients say what they heard,
 * the tables say what is there.
 *
 * @param {readonly Item[]} items
 * @param {Facts} facts
 * @returns {Judgement}
 */
export function judgeFacts(items, facts) {
  const found = { lost: [], doubled: [], wrong: [] };
  const stored = new Map(facts.submissions.map((submission) => [submission.id, submission]));
  const runsOf = groupBy(facts.runs, ({ submissionId }) => submissionId);
  const resultsOf = groupBy(facts.results, ({ runId }) => runId);
  const waiting = new Set(facts.waiting);

  const accepted = items.filter(({ id }) => id !== null);
  for (const item of accepted) judgeItem(item, stored.get(item.id), found);
  for (const submission of facts.submissions) {
    judgeStored(
      submission,
      { runs: runsOf.get(submission.id) ?? [], resultsOf, waiting, testsOf: facts.testsOf },
      found,
    );
  }
  judgeStrangers(items, facts.submissions, found);
  judgeAttempts(facts.submissions, found);
  return { accepted: accepted.length, ...found };
}

function judgeItem(item, submission, { lost, doubled, wrong }) {
  const who = `${item.name} ${item.id}`;
  if (submission === undefined) {
    lost.push(`${who}: was accepted and is not stored`);
    return;
  }
  if (item.otherIds.length > 0) doubled.push(`${who}: its key was answered with ${item.otherIds.join(', ')} as well`);
  const end = endOf(submission);
  const others = item.ends.filter((seen) => seen !== end);
  if (others.length > 0) doubled.push(`${who}: was shown as ended "${others[0]}", and is "${end}" now`);
  if (TERMINAL.has(submission.status) && !item.expected.includes(end)) {
    wrong.push(`${who}: ended "${end}" instead of "${item.expected.join('" or "')}"`);
  }
}

function judgeStored(submission, { runs, resultsOf, waiting, testsOf }, { lost, doubled, wrong }) {
  const { id, assignmentId } = submission;
  if (runs.length === 0) lost.push(`${id}: has no grading run`);
  if (runs.length > 1) doubled.push(`${id}: has ${runs.length} grading runs, and nobody asked for a second`);
  for (const run of runs) {
    const count = resultsOf.get(run.id)?.length ?? 0;
    const positions = new Set((resultsOf.get(run.id) ?? []).map(({ position }) => position));
    if (!TERMINAL.has(run.status)) {
      lost.push(`${id}: its run ${run.id} is still ${run.status}`);
      continue;
    }
    if (waiting.has(run.id)) wrong.push(`${id}: its run ${run.id} has ended, and the outbox still has it`);
    // A run that failed half-way may keep what is known of its tests: of all of them, or of none.
    const keepsResults = run.status === 'graded' || (run.status === 'failed' && count > 0);
    const most = keepsResults ? (testsOf.get(assignmentId) ?? count) : 0;
    if (count > most || positions.size !== count) {
      doubled.push(`${id}: its run ${run.id} (${run.status}) has ${count} test results, of ${most}`);
    }
    if (count < most) wrong.push(`${id}: its run ${run.id} has ${count} test results, of ${most}`);
    if (
      run.id === submission.currentRunId &&
      (run.status !== submission.status || run.verdict !== submission.verdict)
    ) {
      wrong.push(`${id}: is ${submission.status} ${submission.verdict}, its run ${run.status} ${run.verdict}`);
    }
  }
}

const whose = ({ assignmentId, studentId }) => `${assignmentId} ${studentId}`;

/** What is stored and no client knows of was made twice, unless a client never learnt what became of its request. */
function judgeStrangers(items, submissions, { doubled }) {
  const known = new Set(items.map(({ id }) => id));
  const uncertain = groupBy(
    items.filter(({ isUncertain }) => isUncertain),
    whose,
  );
  const strangers = groupBy(
    submissions.filter(({ id }) => !known.has(id)),
    whose,
  );
  for (const [name, list] of strangers) {
    const more = list.length - (uncertain.get(name)?.length ?? 0);
    for (const { id } of more > 0 ? list.slice(-more) : []) doubled.push(`${id}: is stored, and no client knows of it`);
  }
}

function judgeAttempts(submissions, { wrong }) {
  for (const [name, list] of groupBy(submissions, whose)) {
    const attempts = list.map(({ attempt }) => attempt).sort((one, other) => one - other);
    if (attempts.some((attempt, index) => attempt !== index + 1)) {
      wrong.push(`attempts (assignment and student ${name}) are numbered ${attempts.join(', ')}`);
    }
  }
}

function groupBy(values, keyOf) {
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
