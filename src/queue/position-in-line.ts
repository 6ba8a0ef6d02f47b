import { classNumberOf } from './lane.js';

/** How many wait in a lane, and what its course weighs. */
export interface LaneLength {
  readonly lane: string;
  readonly waiting: number;
  readonly weight: number;
}

/**
 * How many runs a worker takes until it is this one's turn, itself included: 1 is next. All of the classes before its own, those
 * before it in its lane, and of each other course of its class as many as that one's weight gives it meanwhile. Where the
 * line changes, so does the position; it is right on the average, and off by one run for each other course at most.
 *
 * @param before how many of its own lane go before it
 */
export function positionInLine(
  own: { readonly lane: string; readonly weight: number; readonly before: number },
  lanes: readonly LaneLength[],
): number {
  const place = own.before + 1;
  let position = place;
  for (const { lane, waiting, weight } of lanes) {
    const difference = classNumberOf(lane) - classNumberOf(own.lane);
    if (difference > 0 || lane === own.lane) continue;
    const share = Math.floor(((place - 0.5) * weight) / own.weight);
    position += difference < 0 ? waiting : Math.min(waiting, share);
  }
  return position;
}
