import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { readText } from './read-text.js';
import { shareOfCases } from './share-of-cases.js';
import {
  caseMessage,
  caseName,
  REPORT_LIMITS,
  type ReadReport,
  type ReportedCase,
  unreadable,
} from './reported-case.js';

/** Elements inside one another. */
const DEEPEST = 64;
const OUTCOMES: ReadonlyMap<string, ReportedCase['outcome']> = new Map([
  ['failure', 'failed'],
  ['error', 'failed'],
  ['skipped', 'ignored'],
]);

/** Why a document is not taken, as the end of a sentence about the results. */
class Refusal extends Error {}

interface OpenCase {
  readonly name: string;
  outcome: ReportedCase['outcome'];
  message: string;
}

/** A suite that was begun: what it announced, and what came so far, missing ones that were counted included. */
interface OpenSuite {
  readonly announced: number;
  seen: number;
}

interface Found {
  readonly cases: ReportedCase[];
  missing: number;
}

/**
 * Reads JUnit XML as the tools of the field write it, one or more documents: `testcase` elements in `testsuite` elements, with
 * `failure` or `error` in those that failed and `skipped` in those that do not count. A suite that announces more `tests` than
 * it has counts them as failed. Names of namespaces are not looked at.
 *
 * A document type is refused, so that no entity is ever expanded; so are elements nested deeper than any tool nests them.
 */
export function readJunitXml(documents: readonly Uint8Array[]): ReadReport {
  const found: Found = { cases: [], missing: 0 };
  let bytes = 0;
  for (const document of documents) {
    bytes += document.length;
    const read = bytes > REPORT_LIMITS.bytes ? readText(new Uint8Array(bytes)) : readText(document);
    if (!read.ok) return unreadable(`The results ${read.fault}`);
    try {
      readDocument(read.text, found);
    } catch (error) {
      if (error instanceof Refusal) return unreadable(`The results ${error.message}`);
      return unreadable(`The results are not XML: ${caseName(error instanceof Error ? error.message : '', 0)}`);
    }
  }
  const gap = found.missing === 0 ? null : `The suites announce ${found.missing} more than there are.`;
  return { ok: true, report: shareOfCases(found.cases, found.missing, gap) };
}

/** @throws Refusal for what is not taken, and Error for what is not XML. */
function readDocument(text: string, found: Found): void {
  const parser = new SaxesParser<{ xmlns: false }>({ xmlns: false });
  const suites: OpenSuite[] = [];
  let current: OpenCase | null = null;
  let depth = 0;
  let inResult = false;
  const say = (words: string): void => {
    if (!inResult || current === null || current.message.length > REPORT_LIMITS.messageCharacters) return;
    current.message += words.slice(0, REPORT_LIMITS.messageCharacters * 2);
  };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Refusal('have a document type (DOCTYPE), which is refused.');
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (depth > DEEPEST) throw new Refusal(`are nested deeper than ${DEEPEST} elements.`);
    if (depth === 1 && tag.name !== 'testsuites' && tag.name !== 'testsuite') {
      throw new Refusal(`are not JUnit XML: they begin with <${caseName(tag.name, 0)}>, not with <testsuites>.`);
    }
    if (tag.name === 'testsuites' || tag.name === 'testsuite') suites.push({ announced: announced(tag), seen: 0 });
    if (tag.name === 'testcase') current = { name: nameOf(tag), outcome: 'passed', message: '' };
    const outcome = OUTCOMES.get(tag.name);
    if (outcome === undefined || current === null) return;
    // A case that failed and was skipped as well has failed.
    if (current.outcome !== 'failed') current.outcome = outcome;
    inResult = true;
    say(`${tag.attributes['message'] ?? ''}\n`);
  });
  parser.on('text', say);
  parser.on('cdata', say);
  parser.on('closetag', (tag) => {
    depth -= 1;
    if (OUTCOMES.has(tag.name)) inResult = false;
    if (tag.name === 'testcase' && current !== null) {
      if (found.cases.length === REPORT_LIMITS.cases) {
        throw new Refusal(`hold more than ${REPORT_LIMITS.cases} test cases.`);
      }
      found.cases.push(closed(current, found.cases.length + 1));
      current = null;
      const suite = suites.at(-1);
      if (suite !== undefined) suite.seen += 1;
    }
    if (tag.name === 'testsuites' || tag.name === 'testsuite') leave(suites, found);
  });
  parser.write(text).close();
}

function leave(suites: OpenSuite[], found: Found): void {
  const suite = suites.pop();
  if (suite === undefined) return;
  const missing = Math.max(0, suite.announced - suite.seen);
  found.missing += missing;
  const outer = suites.at(-1);
  if (outer !== undefined) outer.seen += suite.seen + missing;
}

function announced({ attributes }: SaxesTagPlain): number {
  const tests = attributes['tests'] ?? '';
  return /^\d{1,9}$/.test(tests) ? Number(tests) : 0;
}

function nameOf({ attributes }: SaxesTagPlain): string {
  const { classname = '', name = '' } = attributes;
  return classname === '' || name.startsWith(classname) ? name : `${classname}: ${name}`;
}

function closed({ name, outcome, message }: OpenCase, number: number): ReportedCase {
  return {
    name: caseName(name, number),
    outcome,
    score: null,
    maxScore: null,
    message: caseMessage(message),
    visibility: 'visible',
  };
}
