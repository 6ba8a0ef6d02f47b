import { CommandFailure } from '../lib/progress.mjs';
import { send } from './http-client.mjs';
import { ADMIN } from './topology.mjs';

/** An access token is good for 15 minutes. */
const SIGN_IN_EVERY_MS = 8 * 60_000;
const PASSWORD = 'chaos-student-1';
const COURSES = 2;

/**
 * @typedef {object} Person
 * @property {string} email
 * @property {string} id
 * @property {string} token
 * @property {number} course index of the course that they are in
 */

/** The people and courses that everything happens to; made once, kept for all rows. */
export class School {
  #base;
  #signedInAt = 0;
  admin = { token: null, id: null };
  /** @type {Person[]} */
  students = [];
  /** @type {string[]} */
  courses = [];

  constructor(base) {
    this.#base = base;
  }

  async open() {
    await this.#signIn(this.admin, ADMIN.email, ADMIN.password);
    for (let index = 0; index < COURSES; index += 1) {
      const body = { code: `CHAOS${index + 1}`, title: `Chaos ${index + 1}`, status: 'published' };
      this.courses.push((await this.ask('POST', '/courses', body)).id);
    }
    this.#signedInAt = Date.now();
  }

  /** Students up to so many, in turn in one course and the other. */
  async enrol(count) {
    while (this.students.length < count) {
      const index = this.students.length;
      const email = `student-${index}@example.org`;
      const course = index % COURSES;
      const { user, accessToken } = await this.ask('POST', '/auth/register', {
        email,
        password: PASSWORD,
        name: `Student ${index}`,
      });
      await this.ask('POST', `/courses/${this.courses[course]}/members`, { email, role: 'student' });
      this.students.push({ email, id: user.id, token: accessToken, course });
    }
  }

  /** New access tokens where the old ones are about to end; while all is well, since nobody can sign in during an outage. */
  async renewTokens() {
    if (Date.now() - this.#signedInAt < SIGN_IN_EVERY_MS) return;
    await this.#signIn(this.admin, ADMIN.email, ADMIN.password);
    for (const student of this.students) await this.#signIn(student, student.email, PASSWORD);
    this.#signedInAt = Date.now();
  }

  /** A published assignment of one course. @returns {Promise<any>} */
  assign(course, grading, more = {}) {
    const body = { title: 'Chaos', status: 'published', grading, ...more };
    return this.ask('POST', `/courses/${this.courses[course]}/assignments`, body);
  }

  /** A request of the administrator that has to succeed. */
  async ask(method, path, body = null, headers = {}) {
    const answer = await this.try(method, path, body, headers);
    if (answer.status === null || answer.status >= 300) {
      throw new CommandFailure(
        `${method} ${path} was answered ${answer.status ?? answer.error}: ${JSON.stringify(answer.body)?.slice(0, 300)}`,
      );
    }
    return answer.body;
  }

  /** The same, whatever comes of it. */
  try(method, path, body = null, headers = {}) {
    const content = body === null ? null : Buffer.from(JSON.stringify(body));
    return send(this.#base, { method, path, token: this.admin.token, body: content, headers, timeoutMs: 30_000 });
  }

  async #signIn(person, email, password) {
    const { user, accessToken } = await this.ask('POST', '/auth/login', { email, password });
    person.token = accessToken;
    person.id = user.id;
  }
}
