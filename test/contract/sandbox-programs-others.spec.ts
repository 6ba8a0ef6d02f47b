import { BUBBLEWRAP_ADAPTERS } from './sandbox-adapters.js';
import { describeStudentPrograms } from './student-programs.js';

// A file of its own, so that both ways are tried at the same time where there are two cores.
for (const adapter of BUBBLEWRAP_ADAPTERS.slice(1)) describeStudentPrograms(adapter);
