/** Classes of work, in the order in which they are handed over. The number is the first character of a flow. */
const CLASSES = { interactive: 0, late: 1, rejudge: 2 } as const;

/** `interactive`: somebody waits for it. `late`: handed in after it was due. `rejudge`: graded again by staff. */
export type WorkClass = keyof typeof CLASSES;

/**
 * The flow of a run: its class and its course in one text, so that flows sort by class, and one column of an index tells both.
 *
 * @param courseId empty: of no course
 */
export function flowOf(workClass: WorkClass, courseId: string): string {
  return `${CLASSES[workClass]}:${courseId}`;
}

/** The number of the flow's class; lower ones go first. */
export function classNumberOf(flow: string): number {
  return Number.parseInt(flow, 10);
}
