import { type DockerfileInstruction, dockerfileInstructions } from './dockerfile-instructions.js';
import { plainLine } from './finding-lines.js';
import { aboutFile, type LintFinding, unchecked } from './lint-finding.js';

/** Every instruction of Docker's reference. */
const KNOWN: ReadonlySet<string> = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

interface Stage {
  readonly name: string | null;
  readonly line: number;
  /** As the stage that it goes on from, until it says otherwise; null: as an image from elsewhere, and most of those end as root. */
  user: string | null;
}

/**
 * What Assay's own rules find in a Dockerfile. They are few, and each is about something that is wrong nearly always:
 * `base-tag` an image without a tag or with `latest`; `root-user` the last stage ends as root; `add-url` ADD downloads;
 * `apt-lists` the lists of packages stay in the layer; `apt-yes` apt-get would ask; `exec-form` CMD or ENTRYPOINT is run by
 * a shell, which does not hand signals on; `unknown-instruction`. A file that does not begin with FROM is no Dockerfile.
 */
export function dockerfileFindings(path: string, text: string): LintFinding[] {
  const instructions = dockerfileInstructions(text);
  const first = instructions.find(({ name }) => name !== 'ARG');
  if (first === undefined) return [unchecked(path, 'syntax-error', 'The file has no instructions.')];
  if (first.name !== 'FROM') {
    return [unchecked(path, 'syntax-error', 'The first instruction is not FROM.', first.line)];
  }
  const stages: Stage[] = [];
  const findings = instructions.flatMap((instruction) =>
    look(instruction, stages, instructions).map(([rule, message]) => ({
      ...aboutFile(path, rule, message),
      line: instruction.line,
    })),
  );
  const last = stages.at(-1);
  if (last !== undefined && /^(?:root|0)(?::|$)/i.test(last.user ?? 'root')) {
    const message = 'The image runs its program as root: end with USER and another user.';
    findings.push({ ...aboutFile(path, 'root-user', message), line: last.line });
  }
  return findings;
}

type Complaint = readonly [rule: string, message: string];

function look(
  instruction: DockerfileInstruction,
  stages: Stage[],
  all: readonly DockerfileInstruction[],
): readonly Complaint[] {
  const { name, rest } = instruction;
  const stage = stages.at(-1);
  switch (name) {
    case 'FROM':
      return lookAtFrom(instruction, stages, all);
    case 'USER':
      if (stage !== undefined) stage.user = rest.trim();
      return [];
    case 'ADD':
      return /(?:^|[\s"])(?:https?|git|ssh):\/\/|(?:^|[\s"])git@/i.test(rest)
        ? [['add-url', 'ADD downloads: use RUN with curl and a checksum, or COPY a file.']]
        : [];
    case 'CMD':
    case 'ENTRYPOINT':
      return isExecForm(rest)
        ? []
        : [['exec-form', `${name} is run by a shell: write it as a list of JSON, such as ${name} ["node", "app.js"].`]];
    case 'RUN':
      return lookAtRun(rest);
    default:
      return KNOWN.has(name)
        ? []
        : [['unknown-instruction', `There is no instruction ${plainLine(name || rest, 50)}.`]];
  }
}

function lookAtFrom(
  { rest, line }: DockerfileInstruction,
  stages: Stage[],
  all: readonly DockerfileInstruction[],
): readonly Complaint[] {
  const words = rest.split(/\s+/).filter((word) => word !== '' && !word.startsWith('--'));
  const image = expanded(words[0] ?? '', all);
  const name = words[1]?.toLowerCase() === 'as' ? (words[2]?.toLowerCase() ?? null) : null;
  const base = stages.findLast((stage) => stage.name === image.toLowerCase());
  stages.push({ name, line, user: base?.user ?? null });
  // A variable without a default is whatever the build is given.
  if (base !== undefined || image === 'scratch' || image.includes('$') || image.includes('@sha256:')) return [];
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined) return [['base-tag', `The image ${plainLine(image, 100)} has no tag: name a version.`]];
  return tag === 'latest' ? [['base-tag', 'The tag latest is another image tomorrow: name a version.']] : [];
}

/** `image` with the defaults of the arguments that stand before the first FROM. */
function expanded(image: string, all: readonly DockerfileInstruction[]): string {
  const known = new Map<string, string>();
  for (const { name, rest } of all) {
    if (name === 'FROM') break;
    const [, variable, value = ''] = /^\s*(\w+)=(\S+)/.exec(rest) ?? [];
    if (variable !== undefined) known.set(variable, value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return image.replace(
    /\$(?:\{(\w+)(?::-([^}]*))?\}|(\w+))/g,
    (whole, braced?: string, other?: string, bare?: string) => {
      const variable = braced ?? bare ?? '';
      return known.get(variable) ?? other ?? whole;
    },
  );
}

function isExecForm(rest: string): boolean {
  try {
    const list: unknown = JSON.parse(rest.trim());
    return Array.isArray(list) && list.every((word) => typeof word === 'string');
  } catch {
    return false;
  }
}

const APT_INSTALL = /\bapt(?:-get)?\b(?:\s+-\S+)*\s+install\b[^;&|\n]*/g;

function lookAtRun(rest: string): readonly Complaint[] {
  const installs = rest.match(APT_INSTALL) ?? [];
  if (installs.length === 0) return [];
  const isClean =
    /\brm\s[^;&|\n]*\/var\/lib\/apt\/lists/.test(rest) ||
    /--mount=\S*target=\/var\/lib\/apt(?:\/lists)?\/?[,\s]/.test(rest);
  const asks = installs.some((install) => !/\s(?:-\w*y\w*|--yes|--assume-yes|-q?q{2})(?=\s|$)/.test(install));
  return [
    ...(isClean
      ? []
      : [
          [
            'apt-lists',
            'The lists of packages stay in the image: add && rm -rf /var/lib/apt/lists/* to this RUN.',
          ] as const,
        ]),
    ...(asks ? [['apt-yes', 'apt-get would ask: add -y.'] as const] : []),
  ];
}
