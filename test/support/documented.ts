import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** A fenced block of a page of docs/. */
interface DocumentedBlock {
  readonly language: string;
  readonly text: string;
}

/** The fenced blocks of `docs/<page>`, in their order. */
function documentedBlocks(page: string): readonly DocumentedBlock[] {
  const text = readFileSync(fileURLToPath(new URL(`../../docs/${page}`, import.meta.url)), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }));
}

/** The text of the `number`th block in a language, counted from 1. */
export function documentedBlock(page: string, language: string, number = 1): string {
  const found = documentedBlocks(page).filter((block) => block.language === language)[number - 1];
  if (found === undefined) throw new Error(`docs/${page} has no block ${number} in ${language}.`);
  return found.text;
}

/** The `number`th block of YAML that is a whole grading document. */
export function documentedDocument(page: string, number = 1): object {
  const found = documentedDocuments(page)[number - 1];
  if (found === undefined) throw new Error(`docs/${page} has no document ${number}.`);
  return found;
}

/** All blocks of YAML that are whole grading documents. */
export function documentedDocuments(page: string): readonly object[] {
  return documentedBlocks(page)
    .filter(({ language, text }) => language === 'yaml' && /^tests:/m.test(text))
    .map(({ text }): object => {
      const document: unknown = parse(text);
      if (typeof document !== 'object' || document === null) throw new Error(`A document of docs/${page} is none.`);
      return document;
    });
}
