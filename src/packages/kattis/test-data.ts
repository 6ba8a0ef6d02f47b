import { DOCUMENT_LIMITS } from '../../grading/schema-parts.js';
import { PackageFault } from '../package-fault.js';
import { type PackageTree, utf8Text } from '../package-tree.js';
import { isMap, type YamlMap } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';

/** A test of `data/`, with the settings that hold for it. */
export interface KattisTest {
  readonly kind: 'test';
  readonly path: string;
  readonly name: string;
  readonly input: string;
  readonly answer: string;
  readonly args: readonly string[];
  readonly description: string | null;
  /** Settings of its own, over those of its folder. */
  readonly config: YamlMap;
}

/** A folder of `data/`. */
export interface KattisGroup {
  readonly kind: 'group';
  readonly path: string;
  /** The path below `data/secret`, else `sample` or `secret`. */
  readonly name: string;
  /** With what it inherits. */
  readonly config: YamlMap;
  readonly ownConfig: YamlMap;
  /** Whether it has a file of settings, be it empty. */
  readonly hasConfig: boolean;
  /** The file that `ownConfig` was read from. */
  readonly configPath: string;
  /** In the order in which Kattis judges: tests and folders side by side, by their names. */
  readonly members: readonly (KattisTest | KattisGroup)[];
}

export interface KattisData {
  readonly root: KattisGroup;
  readonly sample: KattisGroup | null;
  readonly secret: KattisGroup;
}

/** The tests directly in a folder. */
export function testsIn({ members }: KattisGroup): readonly KattisTest[] {
  return members.filter((member) => member.kind === 'test');
}

/** The folders directly in a folder. */
export function groupsIn({ members }: KattisGroup): readonly KattisGroup[] {
  return members.filter((member) => member.kind === 'group');
}

/** A folder and all folders in it, however deep. */
export function withDescendants(group: KattisGroup): readonly KattisGroup[] {
  return [group, ...groupsIn(group).flatMap(withDescendants)];
}

/** All tests of a folder, however deep, in the order in which Kattis judges. */
export function allTestsIn({ members }: KattisGroup): readonly KattisTest[] {
  return members.flatMap((member) => (member.kind === 'test' ? [member] : allTestsIn(member)));
}

/** How a version of the format describes a folder. */
export interface GroupFiles {
  readonly file: string;
  readonly defaults: YamlMap;
  readonly keys: ReadonlySet<string>;
  /** Names of settings that a folder does not hand down. */
  readonly ownKeys: ReadonlySet<string>;
  /** What holds for every folder, whatever it says. */
  readonly overrides?: YamlMap;
}

/** Until 2023-07-draft. */
export const TESTDATA: GroupFiles = {
  file: 'testdata.yaml',
  defaults: {
    on_reject: 'break',
    grading: 'default',
    grader_flags: '',
    output_validator_flags: '',
    accept_score: 1,
    reject_score: 0,
  },
  keys: new Set(
    'on_reject grading grader_flags output_validator_flags output_validator_args args accept_score reject_score range'.split(
      ' ',
    ),
  ),
  ownKeys: new Set(),
};

/** From 2025-09 on. */
export const TEST_GROUP: GroupFiles = {
  file: 'test_group.yaml',
  defaults: {},
  keys: new Set(
    'max_score score_aggregation require_pass static_validation_score args output_validator_args full_feedback'.split(
      ' ',
    ),
  ),
  ownKeys: new Set('max_score score_aggregation require_pass static_validation_score'.split(' ')),
};

/** Settings that are about the test data, or pictures of it. */
const FOR_DATA = /^(?:input_validator|static_validat|input_visualizer|output_visualizer|generator)/;

/** As deep as groups of a grading document may lie inside one another. */
const MOST_DEPTH = 7;

/** Folders of `data/` with what validators are tried with. */
const FOR_VALIDATORS = /^(?:in)?valid_|^bad_/;

/**
 * Reads the folder `data/` of a Kattis problem package.
 *
 * @throws PackageFault
 */
export function readTestData(tree: PackageTree, files: GroupFiles, warn: Warn): KattisData {
  const root = new TestDataReader(tree, files, warn).group('data', 'data', files.defaults, 0);
  const named = (name: string): KattisGroup | null => groupsIn(root).find((group) => group.name === name) ?? null;
  const secret = named('secret');
  if (secret === null) {
    throw PackageFault.at('data/secret', 'holds no tests: a Kattis package keeps them there as NAME.in and NAME.ans');
  }
  return { root, sample: named('sample'), secret };
}

class TestDataReader {
  private bytes = 0;
  private tests = 0;

  constructor(
    private readonly tree: PackageTree,
    private readonly files: GroupFiles,
    private readonly warn: Warn,
  ) {}

  group(path: string, name: string, inherited: YamlMap, depth: number): KattisGroup {
    if (depth > MOST_DEPTH) throw PackageFault.at(path, `lies more than ${MOST_DEPTH} folders deep`);
    const entries = this.tree.entries(path);
    const files = entries.files.filter((file) => !/^[.-]/.test(file)).toSorted(byBaseName);
    const configPath = `${path}/${this.files.file}`;
    const ownConfig = this.configOf(configPath, this.files.keys);
    const config = { ...inherited, ...ownConfig, ...this.files.overrides };
    const handedDown = Object.fromEntries(Object.entries(config).filter(([key]) => !this.files.ownKeys.has(key)));
    const tests = depth === 0 ? [] : this.testsOf(path, name, files, handedDown);
    const groups: KattisGroup[] = [];
    for (const folder of entries.folders.filter((one) => !/^[.-]|\.files$/.test(one))) {
      const below = `${path}/${folder}`;
      if (depth === 0 && folder !== 'sample' && folder !== 'secret') {
        if (!FOR_VALIDATORS.test(folder)) this.warn(below, 'is neither sample nor secret: left out');
        continue;
      }
      const child = this.group(below, depth < 2 ? folder : `${name}/${folder}`, handedDown, depth + 1);
      if (child.members.length > 0) groups.push(child);
      else this.warn(below, 'holds no tests: left out');
    }
    const members = [...tests, ...groups].toSorted((one, other) => byName(one.path, other.path));
    const hasConfig = this.tree.has(configPath);
    return { kind: 'group', path, name, config, ownConfig, hasConfig, configPath, members };
  }

  private configOf(path: string, keys: ReadonlySet<string>): YamlMap {
    if (!this.tree.has(path)) return {};
    const config = this.tree.lenientYaml(path);
    for (const key of Object.keys(config).filter((one) => !keys.has(one))) {
      const reason = FOR_DATA.test(key) ? 'is about the test data, which Assay does not check or draw' : 'is not known';
      this.warn(`${path}#/${key}`, `${reason}: left out`);
    }
    return config;
  }

  private testsOf(path: string, name: string, files: readonly string[], inherited: YamlMap): KattisTest[] {
    const there = new Set(files);
    const bases = new Set(files.filter((file) => /[.](?:in|ans)$/.test(file)).map(baseName));
    const tests: KattisTest[] = [];
    for (const base of bases) {
      const test = this.testOf(`${path}/${base}`, `${name}/${base}`, base, there, inherited);
      if (test !== null) tests.push(test);
      this.tests += test === null ? 0 : 1;
      if (this.tests > DOCUMENT_LIMITS.tests) {
        throw PackageFault.at(
          'data',
          `holds more than ${DOCUMENT_LIMITS.tests} tests, the most that an assignment takes: remove some from data/secret`,
        );
      }
    }
    this.warnOfOtherFiles(path, files);
    return tests;
  }

  /** Null, after a warning, for what no grading document can hold. */
  private testOf(
    path: string,
    name: string,
    base: string,
    there: ReadonlySet<string>,
    inherited: YamlMap,
  ): KattisTest | null {
    const missing = ['.in', '.ans'].find((ending) => !there.has(base + ending));
    if (missing !== undefined) {
      this.warn(path, `has no ${missing} file: left out`);
      return null;
    }
    if (this.tree.hasFolder(`${path}.files`)) {
      this.warn(`${path}.files`, 'are files for this test alone, which has no counterpart: the test is left out');
      return null;
    }
    const own = this.configOf(
      `${path}.yaml`,
      new Set('args output_validator_args full_feedback hint description'.split(' ')),
    );
    const config = { ...inherited, ...own };
    const args = there.has(`${base}.args`) ? this.argsOf(`${path}.args`) : listOf(config['args']);
    if (args === null) return null;
    const input = this.textOf(`${path}.in`);
    const answer = input === null ? null : this.textOf(`${path}.ans`);
    if (input === null || answer === null) return null;
    const description = [own['description'], own['hint']].find((text) => typeof text === 'string') ?? null;
    return { kind: 'test', path, name, input, answer, args, config, description };
  }

  /** The drafts have a file of arguments, separated by white space and quoted as for a shell. */
  private argsOf(path: string): readonly string[] | null {
    const text = this.textOf(path);
    if (text === null) return null;
    const words = text.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? [];
    return words.map((word) => (/^["']/.test(word) ? word.slice(1, -1) : word));
  }

  private warnOfOtherFiles(path: string, files: readonly string[]): void {
    const others = files.filter((file) => !/[.](?:in|ans|args|yaml)$/.test(file));
    for (const ending of new Set(others.map(endingOf))) {
      const count = others.filter((file) => endingOf(file) === ending).length;
      this.warn(`${path}/*${ending}`, `${count} of these ${count === 1 ? 'has' : 'have'} no counterpart: left out`);
    }
  }

  private textOf(path: string): string | null {
    const bytes = this.tree.bytes(path);
    const { textBytes, documentBytes } = DOCUMENT_LIMITS;
    if (bytes.length > textBytes) {
      this.warn(path, `is larger than ${textBytes / 1_048_576} MiB, the most for one text: the test is left out`);
      return null;
    }
    this.bytes += bytes.length;
    if (this.bytes > documentBytes) {
      throw PackageFault.at(
        'data',
        `is larger than ${documentBytes / 1_048_576} MiB in all, the most that an assignment takes: remove the largest files of ` +
          'data/secret, or make them smaller',
      );
    }
    const text = utf8Text(bytes);
    if (text === null) this.warn(path, 'is not text in UTF-8: the test is left out');
    return text;
  }
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => !isMap(item)).map(String) : [];
}

function endingOf(file: string): string {
  return /[.][^.]*$/.exec(file)?.[0] ?? '';
}

function baseName(file: string): string {
  return file.slice(0, file.length - endingOf(file).length);
}

/** The order in which Kattis judges. */
function byBaseName(one: string, other: string): number {
  return byName(baseName(one), baseName(other)) || byName(one, other);
}

function byName(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
