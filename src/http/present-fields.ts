/** The fields that were sent: in a DTO the others are `undefined`. `null` was sent. */
export function presentFields<T extends object>(dto: T): Partial<T> {
  const present: Partial<T> = {};
  for (const key in dto) {
    if (dto[key] !== undefined) present[key] = dto[key];
  }
  return present;
}
