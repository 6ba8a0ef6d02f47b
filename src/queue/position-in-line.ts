import { classNumberOf } from './flow.js';

/** How many wait in a flow, and what its course weighs. */
export interface FlowLength {
  readonly flow: string;
  readonly waiting: number;
  readonly weight: number;
}

/**
 * How many runs a worker takes until it is this one's turn, itself included: 1 is next. All of the classes before its own, those
 * before it in its flow, and of each other course of its class as many as that one's weight gives it meanwhile. Where the
 * line changes, so does the position; it is right on the average, and off by one run for each other course at most.
 *
 * @param before how many of its own flow go before it
 */
export function positionInLine(
  own: { readonly flow: string; readonly weight: number; readonly before: number },
  flows: readonly FlowLength[],
): number {
  const place = own.before + 1;
  let position = place;
  for (const { flow, waiting, weight } of flows) {
    const difference = classNumberOf(flow) - classNumberOf(own.flow);
    if (difference > 0 || flow === own.flow) continue;
    const share = Math.floor(((place - 0.5) * weight) / own.weight);
    position += difference < 0 ? waiting : Math.min(waiting, share);
  }
  return position;
}
