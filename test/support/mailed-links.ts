/** The one link of a mail. */
export function linkIn(text: string): string {
  const links = text.match(/https?:\/\/\S+\?token=\S+/g) ?? [];
  if (links.length !== 1 || links[0] === undefined) throw new Error(`The mail has ${links.length} links:\n${text}`);
  return links[0];
}

/** The token of the one link of a mail. */
export function tokenIn(text: string): string {
  return new URL(linkIn(text)).searchParams.get('token') ?? '';
}
