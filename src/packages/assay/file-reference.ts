import { type ScalarTag, Scalar } from 'yaml';

/** In `assignment.yaml`, `!file tests/1.in` stands for the content of that file of the package. */
export class FileReference {
  constructor(readonly path: string) {}
}

/** The tag, for reading and writing. */
export const fileTag: ScalarTag = {
  tag: '!file',
  identify: (value) => value instanceof FileReference,
  resolve: (text) => new FileReference(text),
  stringify: ({ value }) => (value instanceof FileReference ? quoted(value.path) : '""'),
};

/** Names of files hold no line breaks; quoted where YAML would read them as something else. */
function quoted(path: string): string {
  return /^[\w][\w./-]*$/.test(path) ? path : JSON.stringify(path);
}

/** A node that writes a reference. */
export function fileNode(path: string): Scalar<FileReference> {
  const node = new Scalar(new FileReference(path));
  node.tag = fileTag.tag;
  return node;
}
