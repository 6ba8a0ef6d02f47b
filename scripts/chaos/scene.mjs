import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { planArrivals } from './arrivals.mjs';
import { auditScene } from './audit.mjs';
import { HandingIn } from './handing-in.mjs';
import { processesNamed } from './leftovers.mjs';
import { GRADINGS, PROGRAMS } from './programs.mjs';
import { recoveriesOf } from './recovery.mjs';

/** The people of the open load; rows that want more take the others. */
const PEOPLE = 8;
const PER_SECOND = 3;
/** No row needs a longer load; what is left of the plan when the load is stopped is dropped. */
const LONGEST_LOAD_MS = 30 * 60_000;
/** One in so many accepted submissions is sent once more with its key. */
const REPEAT_EVERY = 4;
const DRAIN_MS = 180_000;
const POLL_EVERY_MS = 50;

/**
 * One performance of one row: its assignments, what was handed in meanwhile, the faults, and what was missed. Rows do their
 * faults through it, and never judge the submissions themselves.
 */
export class Scene {
  /** @type {HandingIn[]} */
  items = [];
  /** @type {import('./http-client.mjs').Answer[]} */
  traffic = [];
  /** Instants of faults, in milliseconds since 1970. */
  faults = [];
  missed = [];
  #assignments = new Map();
  #testsOf = new Map();
  #working = new Set();
  #load = null;
  #looks = new AbortController();

  /** @param {{ topology: import('./topology.mjs').Topology, school: import('./school.mjs').School, random: () => number, isQuick: boolean, rounds: number }} options */
  constructor({ topology, school, random, isQuick, rounds }) {
    this.topology = topology;
    this.school = school;
    this.random = random;
    this.isQuick = isQuick;
    this.rounds = rounds;
    // Every submission that is looked after listens.
    setMaxListeners(0, this.#looks.signal);
  }

  get database() {
    return this.topology.database;
  }

  /** The smaller figure with --quick. */
  scale(quick, full) {
    return this.isQuick ? quick : full;
  }

  pause(ms) {
    return pause(ms);
  }

  /** A fault comes now. */
  fault() {
    this.faults.push(Date.now());
  }

  check(holds, sentence) {
    if (!holds) this.missed.push(sentence);
    return holds;
  }

  /** Waits until something holds; false when it did not within the time. */
  async until(ask, withinMs) {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const answer = await Promise.resolve(ask()).catch(() => null);
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      if (performance.now() > deadline) return false;
      await pause(POLL_EVERY_MS);
    }
  }

  /** As `until`, for what has to be: the row is missed, and over, when it is not. */
  async require(what, ask, withinMs = 60_000) {
    const answer = await this.until(ask, withinMs);
    if (answer === false) throw new SceneFailure(`waited ${withinMs / 1_000} s in vain until ${what}`);
    return answer;
  }

  /** An assignment of this row in a course, made at its first use. */
  assignment(course, grading, more = {}) {
    const key = `${course} ${grading} ${JSON.stringify(more)}`;
    if (!this.#assignments.has(key)) {
      const made = this.school.assign(course, GRADINGS[grading], more).then((assignment) => {
        this.#testsOf.set(assignment.id, GRADINGS[grading].tests.length);
        return assignment;
      });
      this.#assignments.set(key, made);
    }
    return this.#assignments.get(key);
  }

  /** Counts an assignment that the row made itself as one of this performance. */
  adopt(assignment, tests) {
    this.#testsOf.set(assignment.id, tests);
    this.#assignments.set(assignment.id, Promise.resolve(assignment));
  }

  get testsOf() {
    return this.#testsOf;
  }

  /** Makes what the open load hands in to. */
  async prepare() {
    await this.school.enrol(PEOPLE);
    await Promise.all([0, 1].flatMap((course) => ['sum', 'many'].map((grading) => this.assignment(course, grading))));
  }

  /** Begins the open load. */
  startLoad(perSecond = PER_SECOND) {
    const plan = planArrivals({ random: this.random, perSecond, durationMs: LONGEST_LOAD_MS, people: PEOPLE });
    const startedAt = performance.now();
    this.#load = new AbortController();
    const { signal } = this.#load;
    const run = async () => {
      for (const arrival of plan) {
        await pause(startedAt + arrival.atMs - performance.now(), undefined, { signal }).catch(() => {});
        if (signal.aborted) return;
        this.handInSoon(arrival);
      }
    };
    this.#track(run());
  }

  stopLoad() {
    this.#load?.abort();
    this.#load = null;
  }

  /** Hands in one of the mixed programs, without waiting. */
  handInSoon({ person, program, form, hasKey }) {
    this.#track(
      (async () => {
        const { grading } = PROGRAMS[program];
        const student = this.school.students[person];
        const { id } = await this.assignment(student.course, grading);
        const item = this.item({ student, assignmentId: id, program: PROGRAMS[program], name: program, form, hasKey });
        await item.send();
        if (this.items.length % REPEAT_EVERY === 0) await item.repeat();
        await item.follow();
      })(),
    );
  }

  /** Something to hand in; the caller sends it. */
  item({ student, assignmentId, program, name, form, hasKey }) {
    const { base } = this.topology;
    const item = new HandingIn({
      base,
      traffic: this.traffic,
      name,
      student,
      assignmentId,
      program,
      form,
      hasKey,
      signal: this.#looks.signal,
    });
    this.items.push(item);
    return item;
  }

  /** Hands a program in as some student and looks after it in the background; resolves when it was answered. */
  async handIn(program, { name, person = 0, ...more }) {
    const student = this.school.students[person];
    const { id } = await this.assignment(student.course, program.grading);
    const item = this.item({ student, assignmentId: id, program, name, ...more });
    await item.send();
    this.#track(item.follow());
    return item;
  }

  /** Looks after an item that the row sent by itself. */
  follow(item) {
    this.#track(item.follow());
  }

  /** The run of a submission, from the tables. */
  async runOf(item) {
    const [run] = await this.database.select(
      'SELECT "id", "status", "leaseOwner", "claims" FROM "grading_runs" WHERE "submissionId" = ?',
      [item.id],
    );
    return run ?? null;
  }

  /** The worker that grades a submission now; null: none. Leases name their owner's process. */
  async workerOf(item) {
    const run = await this.runOf(item);
    if (run?.status !== 'running' || run.leaseOwner === null) return null;
    const pid = Number(run.leaseOwner.split(':').at(-2));
    return this.topology.workers.find((worker) => worker.pid === pid) ?? null;
  }

  /** Whether no process of the machine calls itself so. */
  isGone(name) {
    return processesNamed(name).length === 0;
  }

  /** Waits until all that was handed in has ended, audits, and tells what came out. */
  async conclude() {
    this.stopLoad();
    const startedAt = performance.now();
    const giveUp = setTimeout(() => this.#looks.abort(), DRAIN_MS);
    while (this.#working.size > 0) await Promise.all(this.#working);
    clearTimeout(giveUp);
    const { judgement, ends, complaints } = await auditScene(this, DRAIN_MS - (performance.now() - startedAt));
    const endedAt = new Map(ends.map(({ submissionId, endedAt }) => [submissionId, endedAt]));
    const submissions = this.items
      .filter(({ id }) => id !== null)
      .map(({ id, sentAt }) => ({ sentAt, endedAt: endedAt.get(id) ?? null }));
    return {
      accepted: judgement.accepted,
      lost: judgement.lost,
      doubled: judgement.doubled,
      why: [...this.missed, ...complaints, ...judgement.lost, ...judgement.doubled, ...judgement.wrong],
      recoveries: recoveriesOf(this.faults, submissions),
    };
  }

  #track(work) {
    const tracked = work
      .catch((error) => {
        this.missed.push(`the client failed: ${error?.message ?? error}`);
      })
      .finally(() => this.#working.delete(tracked));
    this.#working.add(tracked);
  }
}

/** A row that cannot go on: what it waited for did not happen. */
class SceneFailure extends Error {
  name = 'SceneFailure';
}

/** A row that this machine, or this version of Assay, cannot do. */
export class NotRun extends Error {
  name = 'NotRun';
}
