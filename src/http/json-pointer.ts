/** The JSON Pointer (RFC 6901) of a property of what another pointer names. */
export function joinPointer(parent: string, property: string): string {
  return `${parent}/${property.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
