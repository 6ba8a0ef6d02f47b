import { describe, expect, it } from 'vitest';
import { explainFailure } from '../../../src/sandbox/explain-failure.js';

describe('what a complaint of the sandbox means', () => {
  it.each([
    ['ENOSPC: no space left on device, write', /make room/],
    ['EFBIG: file too large, write', /make room/],
    ["the supervisor ended (1) bwrap: Can't find source path /tmp/x/root: No such file or directory", /was removed/],
    ["ENOENT: no such file or directory, open '/tmp/x/private/1'", /was removed/],
    ['bubblewrap could not be started: spawn /usr/bin/bwrap ENOENT', /apt-get install bubblewrap/],
    ['bubblewrap could not be started: spawn EAGAIN', /WORKER_CONCURRENCY/],
    ['EMFILE: too many open files', /LimitNOFILE/],
    ["EACCES: permission denied, mkdir '/sys/fs/cgroup/assay'", /delegate/],
  ])('%s', (complaint, cure) => {
    const explained = explainFailure(complaint);
    expect(explained.startsWith(complaint)).toBe(true);
    expect(explained).toMatch(cure);
    expect(explainFailure(explained)).toBe(explained.replace(/\.$/, ''));
  });

  it('stays as it is where nothing is known', () => {
    expect(explainFailure('the supervisor said nonsense')).toBe('the supervisor said nonsense');
  });
});
