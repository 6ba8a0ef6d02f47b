/** Where the worker runs. */
export class WorkerPlace {
  /** @param besideApi an API serves from the same process, and goes on when the worker is drained */
  constructor(readonly besideApi: boolean) {}
}
