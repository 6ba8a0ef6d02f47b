type Flush = (folder: string) => Promise<void>;

interface State {
  running: Promise<void>;
  /** Has not begun, so that whoever asks now is served by it. */
  next: Promise<void> | null;
}

/**
 * Flushes folders, one flush of a folder at a time: all who ask while one is under way share the one after it, since what is
 * under way may have begun before their change.
 */
export class SharedFlush {
  private readonly folders = new Map<string, State>();

  constructor(private readonly flush: Flush) {}

  /** Resolves after a flush that began after the call; rejects as that flush does. */
  run(folder: string): Promise<void> {
    const state = this.folders.get(folder);
    if (state === undefined) {
      const running = this.flush(folder);
      this.folders.set(folder, { running, next: null });
      this.tidyAfter(folder, running);
      return running;
    }
    state.next ??= state.running
      .catch(() => undefined)
      .then(() => {
        const running = this.flush(folder);
        this.folders.set(folder, { running, next: null });
        this.tidyAfter(folder, running);
        return running;
      });
    return state.next;
  }

  /** Forgets the folder when nobody else asked meanwhile. */
  private tidyAfter(folder: string, running: Promise<void>): void {
    const tidy = (): void => {
      const state = this.folders.get(folder);
      if (state?.running === running && state.next === null) this.folders.delete(folder);
    };
    running.then(tidy, tidy);
  }
}
