export interface MailContent {
  readonly subject: string;
  readonly text: string;
}

/** Where the content of a mail is sealed for: its own row. */
export function placeOf(mailId: string): string {
  return `mail ${mailId}`;
}

/** The content of a mail as it was kept; null where it cannot be read. */
export function parseContent(json: string | null): MailContent | null {
  if (json === null) return null;
  const value: unknown = JSON.parse(json);
  if (typeof value !== 'object' || value === null || !('subject' in value) || !('text' in value)) return null;
  const { subject, text } = value;
  return typeof subject === 'string' && typeof text === 'string' ? { subject, text } : null;
}
