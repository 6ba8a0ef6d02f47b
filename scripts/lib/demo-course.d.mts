import type { RestClient } from './rest-client.mjs';

export interface DemoAssignment {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly maxPoints: number;
  /** Where its solutions lie. */
  readonly folder: string;
}

export interface DemoSolution {
  readonly verdict: string;
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly content: string; readonly encoding: 'base64' }[];
}

/** Types for the tests; what these do stands in `demo-course.mjs`. */
export function seedDemoCourse(
  instructor: RestClient,
  progress: (done: number, total: number, title: string) => void,
): Promise<{ course: { id: string; code: string }; assignments: DemoAssignment[] }>;
export function demoSolutions(assignmentFolder: string): Promise<DemoSolution[]>;
