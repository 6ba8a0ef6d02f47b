import { it } from 'vitest';

import { PROGRAM_CONTAINERS } from './sandbox-adapters.js';
import { describeStudentPrograms } from './student-programs.js';

for (const adapter of PROGRAM_CONTAINERS) describeStudentPrograms(adapter);

// Vitest takes a file without tests for a mistake; sandbox-oci.spec.ts tells, and proves, why no runtime can be used.
if (PROGRAM_CONTAINERS.length === 0) {
  it('programs in containers are left out: see sandbox-oci.spec.ts', () => undefined);
}
