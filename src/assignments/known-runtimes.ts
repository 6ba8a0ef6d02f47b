/**
 * Keys of the runtimes that grading documents may name. The sandbox has the same list (a test compares them), and says which
 * of them this machine offers: an assignment may be written where it is not graded.
 */
export const KNOWN_RUNTIMES: readonly string[] = ['python', 'node', 'bash', 'c', 'cpp', 'java'];
