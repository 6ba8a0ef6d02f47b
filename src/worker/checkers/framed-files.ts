/** A file as a sandbox sent it. */
export interface FramedFile {
  /** As the sandbox named it. */
  readonly name: string;
  readonly isExecutable: boolean;
  readonly content: Buffer;
}

/**
 * The body of a `sh` script that sends the files named in `"$@"` to the descriptor 3, each as its name, whether it is executable,
 * its size, and that many bytes. No file of the host is ever opened: they are read where they lie, under the step's limits.
 *
 * @param mostBytes of each file; of a larger one the beginning is sent
 */
export function sendFiles(mostBytes: number): string {
  return `for file; do
  { [ -f "$file" ] && [ ! -L "$file" ]; } || continue
  [ -x "$file" ] && x=1 || x=0
  size=$(wc -c < "$file") || continue
  [ "$size" -le ${mostBytes} ] || size=${mostBytes}
  printf '%s\\000%d %d\\000' "$file" "$x" "$size" >&3
  head -c "$size" -- "$file" >&3
done`;
}

/** The files that `sendFiles` sent; null where the bytes are not that, as when a limit cut them. */
export function receivedFiles(bytes: Buffer): readonly FramedFile[] | null {
  const files: FramedFile[] = [];
  for (let at = 0; at < bytes.length;) {
    const nameEnd = bytes.indexOf(0, at);
    const headEnd = nameEnd === -1 ? -1 : bytes.indexOf(0, nameEnd + 1);
    if (headEnd === -1) return null;
    const head = /^([01]) (\d{1,12})$/.exec(bytes.subarray(nameEnd + 1, headEnd).toString('latin1'));
    if (head === null) return null;
    const start = headEnd + 1;
    const end = start + Number(head[2]);
    if (end > bytes.length) return null;
    files.push({
      name: bytes.subarray(at, nameEnd).toString('utf8'),
      isExecutable: head[1] === '1',
      content: bytes.subarray(start, end),
    });
    at = end;
  }
  return files;
}
