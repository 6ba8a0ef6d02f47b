import { readdirSync, readFileSync } from 'node:fs';

const CLOSE_ON_EXEC = 0o2000000;

/**
 * Descriptors above `highest` that a child of this process would inherit. Node opens all of its own with close-on-exec, and
 * marks those that it was started with, but only up to the first gap above 15. What a careless parent left higher up would
 * be open in every student's program.
 */
export function inheritedDescriptors(highest: number): readonly number[] {
  return readdirSync('/proc/self/fdinfo')
    .map(Number)
    .filter((descriptor) => {
      if (descriptor <= highest) return false;
      try {
        const flags = /^flags:\s*(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
        return flags !== undefined && (Number.parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
      } catch {
        // Closed meanwhile: it was the one that lists the folder.
        return false;
      }
    });
}
