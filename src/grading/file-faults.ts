import type { DocumentFault } from './document-fault.js';
import type { RawGradingFile } from './raw-grading-document.js';
import { contentFault } from './test-faults.js';

/** What is wrong with the content of a file of the right shape that stands at `path`. */
export function fileContentFaults(file: RawGradingFile, path: string): DocumentFault[] {
  const message = contentFault(file.content, file.encoding);
  return message === null ? [] : [{ path: `${path}/content`, message }];
}
