export interface PackedPackage {
  /** What the file is called that is sent. */
  readonly name: string;
  readonly format: 'assay' | 'kattis' | 'github-classroom' | 'gradescope';
  readonly content: Buffer;
}

export function packPackage(path: string, format?: string): Promise<PackedPackage>;
export function packFolder(folder: string, isWanted?: (path: string) => boolean): Promise<Buffer>;
