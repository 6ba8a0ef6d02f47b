/** One fault of a package: `path` names a file of it, and behind `#` a JSON Pointer into that file. */
export interface PackageProblem {
  readonly path: string;
  readonly message: string;
}

/** A package that cannot be taken; nothing is made of it. Holds at least one fault. */
export class PackageFault extends Error {
  constructor(readonly problems: readonly PackageProblem[]) {
    super(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'));
    this.name = 'PackageFault';
  }

  static at(path: string, message: string): PackageFault {
    return new PackageFault([{ path, message }]);
  }
}
