import { describe, expect, it } from 'vitest';
import type { GradingVersions } from '../../../src/assignments/grading-versions.js';
import { FreshFiles } from '../../../src/submissions/fresh-files.js';
import type { ClaimedRun } from '../../../src/submissions/claimed-run.js';
import { packArchive } from '../../../src/submissions/submission-archive.js';
import { SubmissionMaterials } from '../../../src/worker/submission-materials.js';
import { gradingDocument } from '../../support/grading-session.js';

const RUN = { filesKey: 'submissions/one.tar', runtime: 'python', assignmentId: 'a', gradingVersion: 1 } as ClaimedRun;
const FILES = [{ path: 'main.py', content: Buffer.from('print(3)\n') }];

const versions = { get: () => Promise.resolve({ document: gradingDocument() }) } as unknown as GradingVersions;

describe('the files of a submission', () => {
  it('come from the process that took them in, and are not read then; the next time they are', async () => {
    const read: string[] = [];
    const storage = {
      get: async (key: string) => {
        read.push(key);
        return packArchive(FILES);
      },
    } as never;
    const fresh = new FreshFiles({ role: 'all' });
    const materials = new SubmissionMaterials(versions, storage, fresh);
    fresh.offer(RUN.filesKey, FILES);
    const first = await materials.load(RUN);
    expect(read).toEqual([]);
    const second = await materials.load(RUN);
    expect(read).toEqual([RUN.filesKey]);
    expect([first.submitted, second.submitted]).toEqual([FILES, FILES]);
  });
});
