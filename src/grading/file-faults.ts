import type { DocumentFault } from './document-fault.js';
import type { RawGradingFile } from './raw-grading-document.js';
import { textFault } from './test-faults.js';

/** RFC 4648, section 4, with padding and nothing between; `atob` is lenient, so it cannot tell. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** What is wrong with the content of a file of the right shape that stands at `path`. */
export function fileContentFaults(file: RawGradingFile, path: string): DocumentFault[] {
  const contentPath = `${path}/content`;
  if (file.encoding !== 'base64') {
    const message = textFault(file.content);
    return message === null ? [] : [{ path: contentPath, message }];
  }
  if (file.content.length % 4 === 0 && BASE64.test(file.content)) return [];
  return [{ path: contentPath, message: 'is not base64: encode the bytes with padding and without line breaks' }];
}
