/** Types for the tests; what it does stands in `cleanup.mjs`. */
export class Cleanup {
  add(undo: () => Promise<void> | void): void;
  run(): Promise<void>;
}
