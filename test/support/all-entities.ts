import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type EntityClass = new () => object;

/** Every entity of the application, found by the names of their files: one that is added is among them. */
export async function allEntities(): Promise<EntityClass[]> {
  const source = fileURLToPath(new URL('../../src', import.meta.url));
  const files = (await readdir(source, { recursive: true })).filter((file) => file.endsWith('.entity.ts'));
  const found: EntityClass[] = [];
  // One after the other: imported at once, a module that several of them share may be evaluated twice.
  for (const file of files.sort()) {
    const module: unknown = await import(join(source, file));
    if (typeof module === 'object' && module !== null) found.push(...Object.values(module).filter(isClass));
  }
  return found;
}

function isClass(value: unknown): value is EntityClass {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}
