/** A property of something thrown, whatever it is; undefined where there is none. */
export function propertyOf(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}

/** The `code` that Node, a driver or a library gave an error; null where it has none. */
export function codeOf(error: unknown): string | null {
  const code = propertyOf(error, 'code');
  return typeof code === 'string' ? code : null;
}
