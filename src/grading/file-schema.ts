import { DOCUMENT_LIMITS, type JsonSchema, path } from './schema-parts.js';

/** A file of a document. */
export const file: JsonSchema = {
  type: 'object',
  title: 'File',
  description: 'A file laid beside each submission, over it where names clash.',
  additionalProperties: false,
  required: ['path', 'content'],
  properties: {
    path: { ...path, description: 'Relative path with "/" between folders.', examples: ['data.csv'] },
    content: {
      type: 'string',
      title: 'Content',
      description: 'What the file holds, as `encoding` says.',
      maxLength: DOCUMENT_LIMITS.documentBytes,
      examples: ['name,age\nAda,36\n'],
    },
    encoding: {
      enum: ['utf8', 'base64'],
      title: 'Encoding',
      description: '`utf8`: the content is the text; `base64`: its bytes in base64, with padding.',
      default: 'utf8',
      examples: ['base64'],
    },
    hidden: {
      type: 'boolean',
      title: 'Hidden',
      description: 'Never shown to students. Their programs can read it all the same.',
      default: false,
      examples: [true],
    },
    executable: {
      type: 'boolean',
      title: 'Executable',
      description: 'Whether it may be run as a command.',
      default: false,
      examples: [true],
    },
  },
  examples: [{ path: 'data.csv', content: 'name,age\nAda,36\n' }],
};
