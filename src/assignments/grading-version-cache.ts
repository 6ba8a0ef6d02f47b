import type { GradingVersion } from './grading-version.entity.js';

/** Which version of which assignment's grading document. */
export interface GradingVersionKey {
  readonly assignmentId: string;
  readonly number: number;
}

/** About how much the cached documents may hold, in characters of their JSON text. */
const MOST_CHARACTERS = 32 * 1024 * 1024;
const MOST_VERSIONS = 1_000;

const charactersByVersion = new WeakMap<GradingVersion, number>();

/** About how large a version is: the characters of its JSON text, which are counted once. */
export function charactersOf(version: GradingVersion): number {
  const known = charactersByVersion.get(version);
  if (known !== undefined) return known;
  const characters = JSON.stringify(version).length;
  charactersByVersion.set(version, characters);
  return characters;
}

/** Keeps the grading versions that were used last, up to a bound; sound without expiry because they never change. */
export class GradingVersionCache {
  /** In order of last use: a `Map` remembers the order of insertion. */
  private readonly entries = new Map<string, GradingVersion>();
  private characters = 0;

  constructor(
    private readonly mostCharacters = MOST_CHARACTERS,
    private readonly mostVersions = MOST_VERSIONS,
  ) {}

  get({ assignmentId, number }: GradingVersionKey): GradingVersion | null {
    const name = nameOf(assignmentId, number);
    const version = this.entries.get(name);
    if (version === undefined) return null;
    this.entries.delete(name);
    this.entries.set(name, version);
    return version;
  }

  add(version: GradingVersion): void {
    const name = nameOf(version.assignmentId, version.number);
    if (this.entries.has(name)) return;
    this.entries.set(name, version);
    this.characters += charactersOf(version);
    for (const [oldestName, oldest] of this.entries) {
      if (this.characters <= this.mostCharacters && this.entries.size <= this.mostVersions) return;
      this.entries.delete(oldestName);
      this.characters -= charactersOf(oldest);
    }
  }
}

function nameOf(assignmentId: string, number: number): string {
  return `${assignmentId}/${number}`;
}
