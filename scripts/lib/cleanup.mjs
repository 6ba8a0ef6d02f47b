import { constants } from 'node:os';

/**
 * What has to be undone however the command ends: a normal end, a failure, Ctrl-C or SIGTERM. Undone in reverse order, each
 * once. Only `kill -9` gets past it.
 */
export class Cleanup {
  #undo = [];
  #running = null;

  /** @param {() => Promise<void> | void} undo */
  add(undo) {
    this.#undo.push(undo);
  }

  /** Harmless the second time: whoever asks waits for the same cleaning up. */
  run() {
    this.#running ??= this.#runAll();
    return this.#running;
  }

  async #runAll() {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) {
      try {
        await undo();
      } catch (error) {
        process.stderr.write(`While cleaning up: ${error?.message ?? error}\n`);
      }
    }
  }

  /** Cleans up at Ctrl-C and SIGTERM, then ends with the status that a shell gives to such an end. */
  onSignals(alsoDo = () => {}) {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        alsoDo(signal);
        this.run().then(
          () => process.exit(128 + constants.signals[signal]),
          () => process.exit(128 + constants.signals[signal]),
        );
      });
    }
  }
}
