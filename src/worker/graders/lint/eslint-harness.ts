/**
 * Checks sources of JavaScript, which it is given as text on its standard input and never imports or runs, with the ESLint of the
 * toolbox, and writes its findings as JSON to the descriptor 3. The configuration is the document's, which lies in the protected folder,
 * or ESLint's recommended one; files of students configure nothing, and neither do their comments unless the test lets them.
 */
export const ESLINT_HARNESS = String.raw`
import { readFileSync, writeSync } from 'node:fs';

const MOST = 10_000;
const task = JSON.parse(readFileSync(0, 'utf8'));

function report(value) {
  const bytes = Buffer.from(JSON.stringify(value));
  for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
}

async function defaults() {
  const [{ default: js }, { default: globals }] = await Promise.all([import('@eslint/js'), import('globals')]);
  return [
    js.configs.recommended,
    { languageOptions: { globals: { ...globals.node, ...globals.es2025 } } },
    { files: ['**/*.js', '**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: globals.commonjs } },
  ];
}

async function start() {
  let eslint;
  try {
    eslint = await import('eslint');
  } catch (error) {
    throw new Error('it is not in the toolbox; install that with npm run toolbox (' + error.code + ')');
  }
  const configured = task.config === null ? await defaults() : (await import('/grader/' + task.config)).default;
  const config = [configured, ...(task.rules === null ? [] : [{ rules: task.rules }])].flat(Infinity);
  const linter = new eslint.Linter({ cwd: '/box', configType: 'flat' });
  const verify = (text, path, ...more) =>
    linter.verify(text, [...config, ...more], {
      filename: '/box/' + path,
      allowInlineConfig: task.inlineDisable,
      reportUnusedDisableDirectives: 'off',
    });
  // What the configuration names and what is not there shows before any file of a student is looked at.
  verify('', 'probe.js');
  return (text, path) => {
    const messages = verify(text, path);
    // Node takes a file with import or export for a module, whatever it is called.
    if (task.config !== null || !path.endsWith('.js') || !messages.some(({ fatal }) => fatal)) return messages;
    const asModule = verify(text, path, { files: ['**/*.js'], languageOptions: { sourceType: 'module' } });
    return asModule.some(({ fatal }) => fatal) ? messages : asModule;
  };
}

function check(verify) {
  const findings = [];
  task.files.forEach(({ path, text }, file) => {
    if (findings.length > MOST) return;
    try {
      for (const { line, column, ruleId, message, fatal } of verify(text, path)) {
        const unchecked = ruleId === null;
        const rule = ruleId ?? (fatal ? 'syntax-error' : 'not-checked');
        findings.push({ file, line, column, rule, message: message.slice(0, 500), unchecked });
      }
    } catch (error) {
      findings.push({ file, rule: 'not-checked', message: 'The check failed: ' + error.name, unchecked: true });
    }
  });
  report({ findings: findings.slice(0, MOST), hasMore: findings.length > MOST });
}

try {
  check(await start());
} catch (error) {
  report({ fault: String(error?.message ?? error) });
}
`;
