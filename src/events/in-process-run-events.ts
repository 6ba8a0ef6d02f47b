import { Logger } from '@nestjs/common';
import { type RunEvent, RunEvents } from './run-events.js';

const REMEMBERED_MS = 3_600_000;
/** About how much all remembered events may hold, in characters of their JSON text. */
const MOST_CHARACTERS = 16 * 1024 * 1024;

interface Remembered {
  /** By id: a run that is graded again after its worker died says the same things again, and the later ones count. */
  readonly events: Map<number, { readonly event: RunEvent; readonly characters: number }>;
  characters: number;
  lastAt: number;
}

/** Carries events within the one process of the embedded mode, and remembers the latest of them in memory. */
export class InProcessRunEvents extends RunEvents {
  private readonly logger = new Logger(InProcessRunEvents.name);
  private readonly listeners = new Map<string, Set<(event: RunEvent) => void>>();
  /** Least recently changed first. */
  private readonly remembered = new Map<string, Remembered>();
  private characters = 0;

  constructor(private readonly mostCharacters = MOST_CHARACTERS) {
    super();
  }

  override publish(event: RunEvent): Promise<void> {
    this.remember(event);
    for (const listener of this.listeners.get(event.submissionId) ?? []) {
      try {
        listener(event);
      } catch (error) {
        this.logger.error({ err: error }, 'A listener to grading events failed');
      }
    }
    return Promise.resolve();
  }

  override history(submissionId: string): Promise<readonly RunEvent[]> {
    const found = this.remembered.get(submissionId);
    if (found === undefined || performance.now() - found.lastAt > REMEMBERED_MS) return Promise.resolve([]);
    return Promise.resolve(
      [...found.events.values()].map(({ event }) => event).toSorted((one, other) => one.id - other.id),
    );
  }

  override subscribe(submissionId: string, listener: (event: RunEvent) => void): Promise<() => void> {
    const listeners = this.listeners.get(submissionId) ?? new Set();
    this.listeners.set(submissionId, listeners);
    // A function of its own, so that one listener may be given twice.
    const call = (event: RunEvent): void => listener(event);
    listeners.add(call);
    return Promise.resolve(() => {
      listeners.delete(call);
      if (listeners.size === 0 && this.listeners.get(submissionId) === listeners) this.listeners.delete(submissionId);
    });
  }

  private remember(event: RunEvent): void {
    const { submissionId } = event;
    const entry: Remembered = this.remembered.get(submissionId) ?? { events: new Map(), characters: 0, lastAt: 0 };
    const characters = JSON.stringify(event.data).length + 100;
    const added = characters - (entry.events.get(event.id)?.characters ?? 0);
    entry.events.set(event.id, { event, characters });
    entry.characters += added;
    entry.lastAt = performance.now();
    this.characters += added;
    this.remembered.delete(submissionId);
    this.remembered.set(submissionId, entry);
    this.forget(entry.lastAt);
  }

  private forget(now: number): void {
    for (const [submissionId, entry] of this.remembered) {
      if (this.characters <= this.mostCharacters && now - entry.lastAt <= REMEMBERED_MS) return;
      this.remembered.delete(submissionId);
      this.characters -= entry.characters;
    }
  }
}
