import { PackageFault } from './package-fault.js';
import { readYamlMap, type YamlMap } from './read-yaml.js';

/** The files of a package by their paths, which are relative and without faults (`grading/relative-path.ts`). */
export type PackageFiles = ReadonlyMap<string, Uint8Array>;

export interface FolderEntries {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** The files of a package, looked at as folders. */
export class PackageTree {
  private readonly folders = new Map<string, { readonly files: Set<string>; readonly folders: Set<string> }>();

  constructor(readonly files: PackageFiles) {
    this.folder('');
    for (const path of files.keys()) {
      const slash = path.lastIndexOf('/');
      this.folder(path.slice(0, Math.max(slash, 0))).files.add(path.slice(slash + 1));
    }
  }

  has(path: string): boolean {
    return this.files.has(path);
  }

  hasFolder(path: string): boolean {
    return this.folders.has(path);
  }

  /** Names directly in a folder, sorted; none where there is no such folder. */
  entries(folder: string): FolderEntries {
    const found = this.folders.get(folder);
    return { files: [...(found?.files ?? [])].toSorted(), folders: [...(found?.folders ?? [])].toSorted() };
  }

  /** Paths of all files below a folder, relative to it, sorted. */
  below(folder: string): readonly string[] {
    const prefix = `${folder}/`;
    return [...this.files.keys()]
      .filter((path) => path.startsWith(prefix))
      .map((path) => path.slice(prefix.length))
      .toSorted();
  }

  /** @throws PackageFault where there is no such file. */
  bytes(path: string): Uint8Array {
    const found = this.files.get(path);
    if (found === undefined) throw PackageFault.at(path, 'is missing');
    return found;
  }

  /** The text with every character of it, a byte order mark included. @throws PackageFault for what is not UTF-8. */
  text(path: string): string {
    const text = utf8Text(this.bytes(path));
    if (text === null) throw PackageFault.at(path, 'is not text in UTF-8: save it as UTF-8');
    return text;
  }

  /** @throws PackageFault for what is no YAML file with keys and values, and no key twice. */
  yaml(path: string): YamlMap {
    return readYamlMap(this.text(path), path);
  }

  /** The same of tools that take a key that is there twice as it is written last. @throws PackageFault */
  lenientYaml(path: string): YamlMap {
    return readYamlMap(this.text(path), path, [], { uniqueKeys: false });
  }

  private folder(path: string): { readonly files: Set<string>; readonly folders: Set<string> } {
    const known = this.folders.get(path);
    if (known !== undefined) return known;
    const made = { files: new Set<string>(), folders: new Set<string>() };
    this.folders.set(path, made);
    if (path !== '') {
      const slash = path.lastIndexOf('/');
      this.folder(path.slice(0, Math.max(slash, 0))).folders.add(path.slice(slash + 1));
    }
    return made;
  }
}

/** The text of some bytes, every one of them; null where they are not UTF-8. */
export function utf8Text(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    // The only fault that a decoder can have is the one that it was made fatal for.
    return null;
  }
}
