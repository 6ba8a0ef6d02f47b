import { accessSync, constants } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where `npm run build` puts what it compiles: seen from the built code, and from the source. */
const FOLDERS = ['../../native', '../../dist/native'] as const;

/** The path of a compiled program; null where it was not built, for want of a C compiler. */
export function findNativeProgram(name: string): string | null {
  for (const folder of FOLDERS) {
    const path = fileURLToPath(new URL(`${folder}/${name}`, import.meta.url));
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next place, then.
    }
  }
  return null;
}
