/** Types for the tests; what it does stands in `arrivals.mjs`. */
export interface Arrival {
  readonly atMs: number;
  readonly person: number;
  readonly program: string;
  readonly form: 'json' | 'multipart';
  readonly hasKey: boolean;
}

export function planArrivals(plan: {
  readonly random: () => number;
  readonly perSecond: number;
  readonly durationMs: number;
  readonly people: number;
}): Arrival[];
