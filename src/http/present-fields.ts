/** The fields that were sent: in a DTO the others are `undefined`. `null` was sent. */
export function presentFields<T extends object>(dto: T): Partial<T> {
  const present: Partial<T> = {};
  for (const key in dto) {
    if (dto[key] !== undefined) present[key] = dto[key];
  }
  return present;
}

/** A field as it will be: as it was sent, `null` too, or, where it was not sent, as it is. */
export function sentOr<T>(sent: T | undefined, present: T): T {
  if (sent === undefined) return present;
  return sent;
}
