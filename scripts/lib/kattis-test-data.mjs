import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { parse } from 'yaml';
import { DOCUMENT_BYTES, MAX_TESTS, TEXT_BYTES } from './package-document.mjs';
import { CommandFailure } from './progress.mjs';

/**
 * Reads the folder `data/` of a Kattis problem package: https://www.kattis.com/problem-package-format/spec/legacy.html
 *
 * @typedef {import('./package-document.mjs').Warn} Warn
 * @typedef {{ path: string, name: string, input: string, answer: string }} KattisTest
 * @typedef {{ path: string, name: string, config: Record<string, any>, ownConfig: Record<string, any>, tests: KattisTest[], groups: KattisGroup[] }} KattisGroup
 *   `name`: the path below `data/secret`, else `sample` or `secret`; `config`: with what it inherits
 */

/** What holds where no testdata.yaml says otherwise. */
const DEFAULTS = {
  on_reject: 'break',
  grading: 'default',
  grader_flags: '',
  output_validator_flags: '',
  accept_score: 1,
  reject_score: 0,
};

const KNOWN_KEYS = new Set([...Object.keys(DEFAULTS), 'range']);

/** Folders inside one another; a symbolic link can make a circle. */
const MAX_DEPTH = 8;

/**
 * @param {string} folder of the package
 * @param {Warn} warn
 * @returns {Promise<{ root: KattisGroup, sample: KattisGroup | null, secret: KattisGroup }>}
 */
export async function readTestData(folder, warn) {
  const reader = new TestDataReader(folder, warn);
  const root = await reader.group('data', 'data', DEFAULTS, 0);
  const named = (name) => root.groups.find((group) => group.name === name) ?? null;
  const secret = named('secret');
  if (secret === null) {
    throw new CommandFailure(
      'there are no tests in data/secret: a Kattis package keeps them there as NAME.in and NAME.ans',
    );
  }
  return { root, sample: named('sample'), secret };
}

class TestDataReader {
  #folder;
  #warn;
  #bytes = 0;
  #tests = 0;

  constructor(folder, warn) {
    this.#folder = folder;
    this.#warn = warn;
  }

  async group(path, name, inherited, depth) {
    if (depth > MAX_DEPTH) throw new CommandFailure(`${path}: folders lie more than ${MAX_DEPTH} deep`);
    const entries = await this.#entries(path);
    const ownConfig = entries.files.includes('testdata.yaml') ? await this.#config(`${path}/testdata.yaml`) : {};
    const group = { path, name, config: { ...inherited, ...ownConfig }, ownConfig, tests: [], groups: [] };
    if (depth > 0) await this.#addTests(group, entries.files);
    for (const folder of entries.folders) {
      const below = `${path}/${folder}`;
      if (depth === 0 && folder !== 'sample' && folder !== 'secret') {
        this.#warn(below, 'is neither sample nor secret: left out');
        continue;
      }
      const child = await this.group(below, depth < 2 ? folder : `${name}/${folder}`, group.config, depth + 1);
      if (child.tests.length + child.groups.length > 0) group.groups.push(child);
      else this.#warn(below, 'holds no tests: left out');
    }
    return group;
  }

  /** Names that begin with "." or "-" are no part of a package. Sorted by base name, the order in which Kattis judges. */
  async #entries(path) {
    const names = await readdir(join(this.#folder, path)).catch((error) => {
      if (error.code === 'ENOENT') throw new CommandFailure(`${path} is missing: this is no whole Kattis package`);
      throw error;
    });
    const files = [];
    const folders = [];
    for (const name of names.filter((one) => !/^[.-]/.test(one)).sort(byBaseName)) {
      const entry = await stat(await pathInPackage(this.#folder, `${path}/${name}`));
      (entry.isDirectory() ? folders : files).push(name);
    }
    return { files, folders };
  }

  async #config(path) {
    const config = await readYamlMap(await pathInPackage(this.#folder, path), path);
    for (const key of Object.keys(config).filter((one) => !KNOWN_KEYS.has(one))) {
      const isForData = key === 'input_validator_flags';
      const reason = isForData ? 'checks the test data, which Assay does not do' : 'is not known';
      this.#warn(`${path}#/${key}`, `${reason}: left out`);
    }
    return config;
  }

  async #addTests(group, files) {
    const pairs = new Set(files.filter((file) => /[.](in|ans)$/.test(file)).map(baseName));
    for (const name of pairs) {
      const path = `${group.path}/${name}`;
      const missing = ['.in', '.ans'].filter((ending) => !files.includes(name + ending));
      if (missing.length > 0) {
        this.#warn(path, `has no ${missing[0]} file: left out`);
        continue;
      }
      const input = await this.#text(`${path}.in`);
      const answer = input === null ? null : await this.#text(`${path}.ans`);
      if (answer === null) continue;
      group.tests.push({ path, name: `${group.name}/${name}`, input, answer });
      this.#tests += 1;
      if (this.#tests > MAX_TESTS) {
        throw new CommandFailure(
          `it has more than ${MAX_TESTS} tests, the most that an assignment takes: remove some from data/secret`,
        );
      }
    }
    this.#warnOfOtherFiles(group.path, files);
  }

  #warnOfOtherFiles(path, files) {
    if (files.includes('test_group.yaml')) {
      this.#warn(`${path}/test_group.yaml`, 'belongs to a newer version of the format and is not read');
    }
    const others = files.filter((file) => !/[.](in|ans)$|^(testdata|test_group)[.]yaml$/.test(file));
    for (const ending of new Set(others.map((file) => extname(file)))) {
      const count = others.filter((file) => extname(file) === ending).length;
      this.#warn(`${path}/*${ending}`, `${count} of these ${count === 1 ? 'has' : 'have'} no counterpart: left out`);
    }
  }

  /** Null, after a warning, for what no grading document can hold. */
  async #text(path) {
    const file = await pathInPackage(this.#folder, path);
    const { size } = await stat(file);
    if (size > TEXT_BYTES) {
      this.#warn(path, `is larger than ${TEXT_BYTES / 1_048_576} MiB, the most for one text: the test is left out`);
      return null;
    }
    this.#bytes = this.#bytes + Number(size);
    if (this.#bytes > DOCUMENT_BYTES) {
      throw new CommandFailure(
        `its test data is larger than ${DOCUMENT_BYTES / 1_048_576} MiB in all, the most that an assignment takes: ` +
          'remove the largest files of data/secret, or make them smaller',
      );
    }
    const text = decodeUtf8(await readFile(file));
    if (text === null) this.#warn(path, 'is not text in UTF-8: the test is left out');
    return text;
  }
}

/**
 * Where `path`, which is there, really lies. A symbolic link may lead to another place in the package and to none outside:
 * what lies there is not ours to send.
 *
 * @param {string} folder of the package @param {string} path below it
 */
export async function pathInPackage(folder, path) {
  const real = await realpath(join(folder, path)).catch(() => null);
  const way = real === null ? '..' : relative(await realpath(folder), real);
  if (way === '..' || way.startsWith(`..${sep}`)) {
    throw new CommandFailure(`${path} is a link that leads out of the package, or nowhere: put the file itself there`);
  }
  return real;
}

/**
 * A YAML file that holds a map; an empty one holds an empty map.
 *
 * @param {string} file @param {string} name what to call it in messages
 * @returns {Promise<Record<string, any>>}
 */
export async function readYamlMap(file, name) {
  let value;
  try {
    value = parse(await readFile(file, 'utf8')) ?? {};
  } catch (error) {
    throw new CommandFailure(`${name} is not YAML: ${error.message.split('\n')[0]}`);
  }
  if (typeof value !== 'object' || Array.isArray(value)) throw new CommandFailure(`${name} must hold keys with values`);
  return value;
}

/** The text with every byte of it, or null. @param {Uint8Array} bytes */
function decodeUtf8(bytes) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function baseName(file) {
  return file.slice(0, file.length - extname(file).length);
}

function byBaseName(a, b) {
  const [left, right] = [baseName(a), baseName(b)];
  return left < right ? -1 : left > right ? 1 : a < b ? -1 : 1;
}
