/** Whether mutants can be made of a file, and the reference be written in another way: Python and JavaScript. */
export function isMutable(path: string): boolean {
  return isPython(path) || /\.[cm]?js$/.test(path);
}

export function isPython(path: string): boolean {
  return path.endsWith('.py');
}
