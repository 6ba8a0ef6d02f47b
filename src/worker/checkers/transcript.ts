import { textPreview } from '../../grading/preview.js';

/** Bytes of an interaction that are kept. */
const MOST_BYTES = 8192;

/** Who wrote: `>` the submission, `<` the checker, as in the `.interaction` files of problem packages. */
export type Side = '>' | '<';

/** What two programs said to each other, as lines of text for people; what is too much is dropped. */
export class Transcript {
  private readonly pieces: { readonly side: Side; readonly chunks: Buffer[] }[] = [];
  private bytes = 0;
  private dropped = 0;

  add(side: Side, chunk: Buffer): void {
    const kept = chunk.subarray(0, MOST_BYTES - this.bytes);
    this.dropped += chunk.length - kept.length;
    this.bytes += kept.length;
    if (kept.length === 0) return;
    const last = this.pieces.at(-1);
    // A copy: the chunk may be a part of a large buffer.
    if (last?.side === side) last.chunks.push(Buffer.from(kept));
    else this.pieces.push({ side, chunks: [Buffer.from(kept)] });
  }

  toString(): string {
    const lines = this.pieces.flatMap(({ side, chunks }) =>
      textPreview(Buffer.concat(chunks))
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `${side} ${line}`),
    );
    if (this.dropped > 0) lines.push(`… [${this.dropped} bytes cut]`);
    return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
  }
}
