// The reporter of jest for unit-node.mjs. Jest loads it before any code of the submission, and outside of the tests' context.
const place = Symbol.for('assay.jest');
const { tell, tellCase } = process[place];
delete process[place];

const { stripVTControlCharacters: plain } = require('node:util');
const nameOf = ({ ancestorTitles, title }) => [...ancestorTitles, title].join(' > ');
const OUTCOMES = {
  passed: 'passed',
  failed: 'failed',
  pending: 'skipped',
  skipped: 'skipped',
  todo: 'skipped',
  disabled: 'skipped',
};

module.exports = class Reporter {
  told = new Set();

  onTestCaseStart(_test, info) {
    tell({ __proto__: null, t: 'start', name: nameOf(info) });
  }

  onTestCaseResult(_test, result) {
    this.told.add(nameOf(result));
    const message = plain(result.failureMessages.join('\n'))
      .replace(/\n\s+at (?!.*\/box\/).*$/gm, '')
      .replaceAll('/box/', '');
    tellCase(nameOf(result), result.title, OUTCOMES[result.status] ?? 'failed', message);
  }

  onTestFileResult(_test, { testExecError, failureMessage, testResults }) {
    // Those of a suite that is skipped are never cases that end.
    for (const result of testResults) {
      if (OUTCOMES[result.status] === 'skipped' && !this.told.has(nameOf(result))) this.onTestCaseResult(_test, result);
    }
    if (!testExecError) return;
    tell({ __proto__: null, t: 'fault', message: plain(failureMessage ?? String(testExecError.message)) });
  }

  getLastError() {
    return undefined;
  }
};
