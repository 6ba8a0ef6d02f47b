import { SANDBOX_ADAPTERS } from './sandbox-adapters.js';
import { describeStudentPrograms } from './student-programs.js';

const [first] = SANDBOX_ADAPTERS;
if (first !== undefined) describeStudentPrograms(first);
