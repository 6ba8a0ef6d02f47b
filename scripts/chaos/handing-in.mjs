import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { formOf, send } from './http-client.mjs';
import { endOf } from './judge-facts.mjs';

/** After so long a client gives up, and does not know whether its work was taken. */
const GIVE_UP_AFTER_MS = 120_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
const LOOK_PAUSES_MS = [150, 300, 500, 1_000];
/** Ends, from which there is no way back. */
const TERMINAL = new Set(['graded', 'failed', 'cancelled']);
/** Answers after which the same request may be sent again. */
const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504, 507]);

const isInProgress = ({ status, body }) => status === 409 && body?.code === 'idempotency_in_progress';

/**
 * One submission as a sound client sees it: sent, sent again with the same `Idempotency-Key` until there is an answer, then
 * looked at until it has ended. Remembers everything that the audit asks for, see `judge-facts.mjs`.
 */
export class HandingIn {
  id = null;
  isUncertain = false;
  otherIds = [];
  ends = [];
  sentAt = 0;
  /** The answer that ended it, where that was a refusal. */
  refusal = null;
  /** Set for what may rightly be refused, such as one attempt too many. */
  mayBeRefused = false;
  /** Set for a client that takes 429 as an answer instead of coming back. */
  isImpatient = false;
  #base;
  #traffic;
  #key;
  #form;
  #stop;

  /**
   * @param {{ base: string, traffic: import('./http-client.mjs').Answer[], name: string, student: import('./school.mjs').Person, assignmentId: string, program: { source: string, expected: string[] }, form?: 'json' | 'multipart', hasKey?: boolean, signal: AbortSignal }} options
   *   `signal` ends the looking, when nobody wants to know any more
   */
  constructor({ base, traffic, name, student, assignmentId, program, form = 'json', hasKey = true, signal }) {
    this.#base = base;
    this.#traffic = traffic;
    this.#key = hasKey ? randomUUID() : null;
    this.#form = form;
    this.#stop = signal;
    this.name = name;
    this.student = student;
    this.studentId = student.id;
    this.assignmentId = assignmentId;
    this.expected = program.expected;
    // No two are alike, so that files which were mixed up would be seen.
    this.files = [{ path: 'main.py', content: `# ${randomUUID()}\n${program.source}` }];
  }

  /** Sends until there is an answer. */
  async send() {
    this.sentAt = Date.now();
    const givenUpAt = performance.now() + GIVE_UP_AFTER_MS;
    for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
      const answer = await this.post();
      if (answer.status === 202) {
        this.id = answer.body.id;
        this.isUncertain = false;
        return this;
      }
      const isTurnedAway = answer.status === 429 && this.isImpatient;
      const mayFollow = !isTurnedAway && (answer.status === null || AGAIN.has(answer.status) || isInProgress(answer));
      if (!mayFollow) {
        this.refusal = answer;
        return this;
      }
      this.isUncertain = true;
      // Without a key nobody may ask again: it could be taken twice.
      if (this.#key === null || performance.now() > givenUpAt || this.#stop.aborted) return this;
      await pause(wait);
    }
  }

  /** One POST, and again the same one for whoever calls twice. */
  async post() {
    const { type, body } = this.#form === 'json' ? jsonOf(this.files) : formOf(this.files);
    const answer = await send(this.#base, {
      method: 'POST',
      path: `/assignments/${this.assignmentId}/submissions`,
      token: this.student.token,
      type,
      body,
      headers: this.#key === null ? {} : { 'idempotency-key': this.#key },
    });
    this.#traffic.push(answer);
    return answer;
  }

  /** Asks for the same again, as a client does that lost the answer. */
  async repeat() {
    if (this.id === null || this.#key === null) return;
    const answer = await this.post();
    if (answer.status === 202 && answer.body.id !== this.id) this.otherIds.push(answer.body.id);
    if (answer.status !== null && answer.status < 500 && answer.status !== 202 && !isInProgress(answer)) {
      this.otherIds.push(`status ${answer.status}`);
    }
  }

  /** Looks until it has ended; resolves to whether it has. */
  async follow() {
    for (let look = 0; this.id !== null && !this.#stop.aborted; look += 1) {
      const seen = await this.look();
      if (seen !== null && TERMINAL.has(seen.status)) return true;
      await pause(LOOK_PAUSES_MS[Math.min(look, LOOK_PAUSES_MS.length - 1)], undefined, { signal: this.#stop }).catch(
        () => {},
      );
    }
    return this.id === null;
  }

  /** One look; null where there was no answer. What has ended is remembered. */
  async look() {
    const answer = await send(this.#base, { path: `/submissions/${this.id}`, token: this.student.token });
    this.#traffic.push(answer);
    if (answer.status !== 200) return null;
    if (TERMINAL.has(answer.body.status)) {
      const end = endOf(answer.body);
      if (!this.ends.includes(end)) this.ends.push(end);
    }
    return answer.body;
  }

  /** Whether what is stored is what was sent, byte for byte. */
  async hasItsFiles() {
    for (const { path, content } of this.files) {
      const answer = await send(this.#base, {
        path: `/submissions/${this.id}/files/${path}`,
        token: this.student.token,
      });
      if (answer.status !== 200 || answer.body !== content) return false;
    }
    return true;
  }
}

function jsonOf(files) {
  return { type: 'application/json', body: Buffer.from(JSON.stringify({ files })) };
}
