import type { GradingFile, InProcessFramework } from '../grading-document.js';

const JAVASCRIPT = /(?:\.(?:test|spec)\.[cm]?[jt]sx?|(?:^|\/)(?:tests?|__tests__)\/.*\.[cm]?[jt]sx?)$/;

/** How each framework's test files are named by its own custom. */
const NAMES: Readonly<Record<InProcessFramework, RegExp>> = {
  pytest: /(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$/,
  unittest: /(?:^|\/)test[^/]*\.py$/,
  'node-test': JAVASCRIPT,
  mocha: JAVASCRIPT,
  jest: JAVASCRIPT,
  vitest: JAVASCRIPT,
  junit: /(?:^|\/)(?:Test[^/]*|[^/]*Tests?|[^/]*TestCase)\.java$/,
};

/** Those of `files` that are named as tests of the framework are. */
export function testFilesOf(
  framework: InProcessFramework,
  files: readonly Pick<GradingFile, 'path'>[],
): readonly string[] {
  return files.map(({ path }) => path).filter((path) => NAMES[framework].test(path));
}
