type JsonObject = Readonly<Record<string, unknown>>;

/** True for what JSON calls an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `target` with a JSON merge patch applied (RFC 7396): members of the patch replace those of the target, objects are merged
 * in turn, null takes a member away, lists are replaced as a whole. Changes neither. Recurses as deep as the patch: bound
 * that first.
 */
export function mergePatch(target: unknown, patch: JsonObject): Record<string, unknown> {
  const merged = new Map(Object.entries(isJsonObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, isJsonObject(value) ? mergePatch(merged.get(name), value) : value);
  }
  // Not by assignment: a member called `__proto__` must stay one.
  return Object.fromEntries(merged);
}
