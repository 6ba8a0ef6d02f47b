import { runtimeOfFiles } from '../model-submission.js';
import { utf8Text } from '../package-tree.js';

/** A file of a program. */
export interface ProgramFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** The file that a runtime starts. */
const MAIN_FILE: Readonly<Record<string, string>> = { python: 'main.py', node: 'main.js', bash: 'main.sh' };

/**
 * Gives the file that is run the name under which the runtime looks for it.
 *
 * @param entrypoint the file that is run, where the package names one
 */
export function withMain(
  files: readonly ProgramFile[],
  runtime: string,
  entrypoint: string | null = null,
): readonly ProgramFile[] {
  if (runtime === 'java') return withJavaMain(files);
  const main = MAIN_FILE[runtime];
  if (main !== undefined && entrypoint !== null && files.some(({ path }) => path === entrypoint)) {
    const others = files.filter(({ path }) => path !== main || path === entrypoint);
    return others.map((file) => (file.path === entrypoint ? { ...file, path: main } : file));
  }
  if (main === undefined || files.some(({ path }) => path === main)) return files;
  const sources = files.filter(({ path }) => !path.includes('/') && runtimeOfFiles([path]) === runtime);
  // As Kattis and ICPC tools choose: what is called so, else the first.
  const first = sources.find(({ path }) => /^(?:__main__|main)[.]/i.test(path)) ?? sources[0];
  if (first === undefined) return files;
  return files.map((file) => (file === first ? { ...file, path: main } : file));
}

const STARTS =
  /\bstatic\s+(?:public\s+)?(?:final\s+)?void\s+main\s*\(|\bpublic\s+(?:final\s+)?static\s+void\s+main\s*\(/;

/** Kattis finds the class that has a `main`; here it is `Main`, which hands over to it. */
function withJavaMain(files: readonly ProgramFile[]): readonly ProgramFile[] {
  if (files.some(({ path }) => path === 'Main.java')) return files;
  const starting = files
    .map((file) => ({ file, text: utf8Text(file.content) ?? '' }))
    .find(({ text }) => STARTS.test(text));
  if (starting === undefined) return files;
  const { text } = starting;
  const before = text.slice(0, text.search(STARTS));
  const name = [...before.matchAll(/\bclass\s+(\w+)/g)].at(0)?.[1];
  if (name === undefined || /^\s*package\s/m.test(text)) return files;
  // A public class must lie in a file of its own name.
  const named = files.map((file) => (file === starting.file ? { ...file, path: `${name}.java` } : file));
  if (name === 'Main') return named;
  const main = `public class Main {\n  public static void main(String[] args) throws Exception {\n    ${name}.main(args);\n  }\n}\n`;
  return [...named, { path: 'Main.java', content: Buffer.from(main) }];
}
