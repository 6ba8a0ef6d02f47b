import { type PackageTree } from '../package-tree.js';
import { isMap, textOf, type YamlMap } from '../read-yaml.js';
import type { Warn } from '../translated-package.js';

const FOLDERS = ['problem_statement', 'statement'];

/** The statement, in English if there is a choice: Markdown as it is, TeX as far as it is text. */
export function statementOf(tree: PackageTree, warn: Warn): string {
  for (const folder of FOLDERS.filter((one) => tree.hasFolder(one))) {
    const files = tree.entries(folder).files;
    const chosen = chosenOf(files, 'md') ?? chosenOf(files, 'tex');
    for (const file of files.filter((one) => one !== chosen)) {
      warn(`${folder}/${file}`, 'is not taken over: one statement in Markdown or TeX becomes the instructions');
    }
    if (chosen === undefined) continue;
    const text = tree.text(`${folder}/${chosen}`).trim();
    if (chosen.endsWith('.md')) return text;
    warn(`${folder}/${chosen}`, 'is made Markdown as far as that is possible: look at the instructions');
    return markdownOf(text);
  }
  return '';
}

function chosenOf(files: readonly string[], ending: string): string | undefined {
  const readable = files.filter(
    (file) => /^problem(?:[.][\w-]+)?$/.test(file.slice(0, -ending.length - 1)) && file.endsWith(`.${ending}`),
  );
  return readable.find((file) => file === `problem.en.${ending}` || file === `problem.${ending}`) ?? readable[0];
}

/** Commands that become Markdown, one after the other; formulas stay as they are. */
const REPLACEMENTS: readonly (readonly [RegExp, string])[] = [
  [/(?<!\\)%.*$/gm, ''],
  [/\\problemname\{[^{}]*\}\s*/g, ''],
  [/\\illustration\{[^{}]*\}\{[^{}]*\}\{[^{}]*\}\s*/g, ''],
  [/\\(?:section|subsection)\*?\{([^{}]*)\}/g, '\n## $1\n'],
  [/\\begin\{(Input|Output|Interaction)\}/g, '\n## $1\n'],
  [/\\end\{(?:Input|Output|Interaction)\}/g, ''],
  [/\\begin\{(?:verbatim|lstlisting)\}/g, '\n```'],
  [/\\end\{(?:verbatim|lstlisting)\}/g, '```\n'],
  [/\\(?:begin|end)\{(?:itemize|enumerate|center|quote)\}/g, ''],
  [/^\s*\\item\s*/gm, '- '],
  [/\\(?:textbf|bf)\{([^{}]*)\}/g, '**$1**'],
  [/\\(?:emph|textit|it)\{([^{}]*)\}/g, '*$1*'],
  [/\\(?:texttt|tt|t)\{([^{}]*)\}/g, '`$1`'],
  [/\\href\{([^{}]*)\}\{([^{}]*)\}/g, '[$2]($1)'],
  [/\\url\{([^{}]*)\}/g, '<$1>'],
  [/\\(?:noindent|nextsample|remainingsamples)\b\s*/g, ''],
  [/``|''/g, '"'],
  [/\n{3,}/g, '\n\n'],
];

function markdownOf(tex: string): string {
  return REPLACEMENTS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), tex).trim();
}

/** Who made it and what may be done with it: most licences ask that this stays with the problem. */
export function attributionOf(problem: YamlMap): string {
  const { credits } = problem;
  const people = isMap(credits) ? credits['authors'] : (credits ?? problem['author']);
  const lines: readonly (readonly [string, string])[] = [
    ['Author', listOf(people)],
    ['Source', listOf(problem['source'])],
    ['', listOf(problem['source_url'])],
    ['Licence', problem['license'] === 'unknown' ? '' : listOf(problem['license'])],
    ['Rights owner', listOf(problem['rights_owner'])],
  ];
  return lines
    .filter(([, text]) => text !== '')
    .map(([label, text]) => (label === '' ? text : `${label}: ${text}`))
    .join('  \n');
}

function listOf(value: unknown): string {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items
    .map((item) => (isMap(item) ? [textOf(item['name']), textOf(item['url'])].filter(Boolean).join(' ') : textOf(item)))
    .filter((text) => text !== '')
    .join(', ');
}
