/** A language, as a worker found it on its machine. */
export interface ReportedRuntime {
  readonly key: string;
  readonly title: string;
  readonly version: string | null;
  readonly available: boolean;
  readonly reason: string | null;
}

/** What a worker can do: the languages, and what its sandbox holds back. */
export interface WorkerReport {
  readonly runtimes: readonly ReportedRuntime[];
  readonly sandbox: { readonly driver: string; readonly holds: Readonly<Record<string, string | boolean>> };
}
