import { captureFrom } from '../../../grading/http/capture.js';
import { CookieJar } from '../../../grading/http/cookies.js';
import { fillExpectation, type FilledRequest, fillRequest, UnusableValue } from '../../../grading/http/fill-step.js';
import type { HttpAnswer, NoAnswer } from '../../../grading/http/http-answer.js';
import { HTTP_LIMITS } from '../../../grading/http/http-limits.js';
import { type Exchange, isAnswer, type StepReport } from '../../../grading/http/http-report.js';
import type { HttpExpectation, HttpReadiness, HttpRequest, HttpStep, Json } from '../../../grading/http/http-test.js';
import { answerDifferences } from '../../../grading/http/judge-answer.js';
import { INDEX_VARIABLE, MissingVariable } from '../../../grading/http/templates.js';
import { exchange } from './exchange.js';
import type { Service } from './service.js';

/** What one request, with the redirects that it led to, came to. */
interface Made {
  readonly exchanges: readonly Exchange[];
  readonly last: HttpAnswer | NoAnswer;
}

/** The client of one service: makes steps one after the other, and knows what they captured. */
export class StepClient {
  private readonly variables = new Map<string, Json>();
  private readonly jar = new CookieJar();

  constructor(
    private readonly service: Service,
    private readonly ready: HttpReadiness,
  ) {}

  /**
   * Makes a step and compares what came with what was expected.
   *
   * @throws GradingFault when the sandbox failed.
   */
  async make(step: HttpStep): Promise<StepReport> {
    if (step.restart) {
      const unready = await this.restart();
      if (unready !== null) return failed(step, [], [`after its restart, the service ${unready}`]);
    }
    if (step.request === null) return { step, outcome: 'held', exchanges: [], differences: [], isLate: false };
    try {
      return step.parallel === 1 ? await this.makeOne(step, step.request) : await this.makeMany(step, step.request);
    } catch (error) {
      if (error instanceof MissingVariable || error instanceof UnusableValue) {
        return failed(step, [], [`the request ${error.message}`]);
      }
      throw error;
    }
  }

  /** One request with what was captured; for measuring. */
  async ask(request: HttpRequest): Promise<HttpAnswer | NoAnswer> {
    return (await this.send(fillRequest(request, this.variables), request)).last;
  }

  private async restart(): Promise<string | null> {
    await this.service.stop();
    await this.service.start();
    return this.service.whenReady(this.ready);
  }

  private async makeOne(step: HttpStep, request: HttpRequest): Promise<StepReport> {
    const filled = fillRequest(request, this.variables);
    const expect = fillExpectation(step.expect, this.variables);
    const { exchanges, last } = await this.send(filled, request);
    if (!isAnswer(last)) return failed(step, exchanges, [`the service ${last.why}`], last.kind === 'late');
    const differences = this.compare(expect, last);
    if (differences.length > 0) return failed(step, exchanges, differences);
    const missing = Object.entries(step.capture).flatMap(([name, capture]) => {
      const captured = captureFrom(capture, last);
      if (!captured.ok) return [`${name} ${captured.fault}`];
      this.variables.set(name, captured.value);
      return [];
    });
    return missing.length > 0 ? failed(step, exchanges, missing) : held({ ...step, expect }, exchanges);
  }

  private async makeMany(step: HttpStep, request: HttpRequest): Promise<StepReport> {
    const numbered = Array.from({ length: step.parallel }, (_, index) => {
      const variables = new Map(this.variables).set(INDEX_VARIABLE, index);
      return { filled: fillRequest(request, variables), expect: fillExpectation(step.expect, variables) };
    });
    const made = await Promise.all(numbered.map(({ filled }) => this.send(filled, request)));
    const exchanges = made.flatMap((one) => one.exchanges);
    const silent = made.flatMap(({ last }) => (isAnswer(last) ? [] : [last]));
    const differences = made.flatMap(({ last }, index) => {
      const expect = numbered[index]?.expect ?? step.expect;
      const found = isAnswer(last) ? this.compare(expect, last) : [`the service ${last.why}`];
      return found.slice(0, 1).map((one) => `request ${index + 1} of ${step.parallel}: ${one}`);
    });
    const counted = silent.length === 0 ? countDifference(step.expect, made) : [];
    const all = [...differences, ...counted];
    return all.length === 0
      ? held(step, exchanges)
      : failed(
          step,
          exchanges,
          all,
          silent.some(({ kind }) => kind === 'late'),
        );
  }

  private compare(expect: HttpExpectation, answer: HttpAnswer): string[] {
    return answerDifferences(expect, answer, { now: Date.now(), origins: this.origins });
  }

  private get origins(): readonly string[] {
    return ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${this.service.port}`);
  }

  private async send(request: FilledRequest, options: HttpRequest): Promise<Made> {
    const exchanges: Exchange[] = [];
    const until = performance.now() + Math.min(options.timeMs, this.service.remainingMs);
    for (let next = request; ;) {
      const answer = await this.sendOnce(next, options, until - performance.now());
      exchanges.push({ request: next, answer });
      const followed = options.followRedirects && isAnswer(answer) ? this.following(next, answer) : null;
      if (followed === null) return { exchanges, last: answer };
      if (typeof followed === 'string' || exchanges.length > HTTP_LIMITS.redirects) {
        const why = typeof followed === 'string' ? followed : `redirects more than ${HTTP_LIMITS.redirects} times`;
        return { exchanges, last: { kind: 'broken', why, ms: answer.ms } };
      }
      next = followed;
    }
  }

  private async sendOnce(request: FilledRequest, options: HttpRequest, leftMs: number): Promise<HttpAnswer | NoAnswer> {
    const path = request.target.split('?')[0] ?? '/';
    const hasOwn = request.headers.some(([name]) => name.toLowerCase() === 'cookie');
    const answer = await exchange(request, {
      connect: () => this.service.connect(),
      port: this.service.port,
      cookie: options.cookies && !hasOwn ? this.jar.headerFor(path) : null,
      timeMs: Math.max(1, Math.round(leftMs)),
    });
    if (options.cookies && isAnswer(answer)) {
      for (const cookie of answer.cookies) this.jar.store(cookie, path, Date.now());
    }
    return answer;
  }

  /** The request that follows a redirect; null for an answer that is none; or why it cannot be followed. */
  private following(request: FilledRequest, { status, headers }: HttpAnswer): FilledRequest | string | null {
    const location = headers.get('location');
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return null;
    const [origin = ''] = this.origins;
    if (!URL.canParse(location, origin + request.target)) return 'redirects to what is no address';
    const url = new URL(location, origin + request.target);
    if (!this.origins.includes(url.origin)) return 'redirects to another server';
    const target = url.pathname + url.search;
    const keeps = [307, 308].includes(status) || (status !== 303 && request.method !== 'POST');
    if (keeps) return { ...request, target };
    const method = request.method === 'HEAD' ? 'HEAD' : 'GET';
    const withoutBody = request.headers.filter(([name]) => !name.toLowerCase().startsWith('content-'));
    return { method, target, headers: withoutBody, body: null };
  }
}

function held(step: HttpStep, exchanges: readonly Exchange[]): StepReport {
  return { step, outcome: 'held', exchanges, differences: [], isLate: false };
}

function failed(
  step: HttpStep,
  exchanges: readonly Exchange[],
  differences: readonly string[],
  isLate = false,
): StepReport {
  return { step, outcome: 'failed', exchanges, differences, isLate };
}

/** Where the number of answers with each status was expected: which statuses came other than so often. */
function countDifference({ statuses }: HttpExpectation, made: readonly Made[]): string[] {
  if (statuses === null) return [];
  const counts = new Map<string, number>();
  for (const { last } of made) {
    if (isAnswer(last)) counts.set(String(last.status), (counts.get(String(last.status)) ?? 0) + 1);
  }
  const isSame =
    [...counts].every(([status, count]) => statuses[status] === count) &&
    Object.entries(statuses).every(([status, count]) => (counts.get(status) ?? 0) === count);
  if (isSame) return [];
  return [`statuses: expected ${shown(Object.entries(statuses))}, got ${shown([...counts])}`];
}

function shown(entries: readonly (readonly [status: string, count: number])[]): string {
  return entries.map(([status, count]) => `${count} × ${status}`).join(', ');
}
