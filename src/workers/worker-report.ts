/** A language or a service, as a worker found it on its machine. */
export interface ReportedRuntime {
  readonly key: string;
  readonly title: string;
  readonly version: string | null;
  readonly available: boolean;
  readonly reason: string | null;
}

/** What a worker can do: the languages, the services beside them, and what its sandbox holds back. */
export interface WorkerReport {
  readonly runtimes: readonly ReportedRuntime[];
  /** Left out by workers from before there were any. */
  readonly services?: readonly ReportedRuntime[];
  readonly sandbox: { readonly driver: string; readonly holds: Readonly<Record<string, string | boolean>> };
}
