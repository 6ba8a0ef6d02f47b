/** The JSON Pointers of all objects in a body, itself included, but what is in more than four others. */
export function placesOf(value: unknown, path = '', depth = 0): readonly string[] {
  if (typeof value !== 'object' || value === null || depth > 4) return [];
  const inside = Object.entries(value).flatMap(([name, item]) => placesOf(item, `${path}/${name}`, depth + 1));
  return Array.isArray(value) ? inside : [path, ...inside];
}

/** The body as JSON, with one more property in the object at that place, whatever its name. */
export function withExtra(body: object, place: string, name: string, value: unknown): string {
  const copy: unknown = structuredClone(body);
  let target = copy as Record<string, unknown>;
  for (const step of place.split('/').slice(1)) target = target[step] as Record<string, unknown>;
  // By way of another name, since `__proto__` cannot be assigned.
  target['the extra one'] = value;
  return JSON.stringify(copy).replace('"the extra one"', JSON.stringify(name));
}
