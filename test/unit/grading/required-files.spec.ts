import { describe, expect, it } from 'vitest';
import { missingFiles } from '../../../src/grading/required-files.js';

describe('missingFiles', () => {
  it('names the required files that a submission does not hold, letter for letter', () => {
    const document = { requiredFiles: ['main.py', 'src/util.py'] };
    expect(missingFiles(document, ['src/util.py', 'main.py', 'more.py'])).toEqual([]);
    expect(missingFiles(document, ['Main.py', 'util.py'])).toEqual(['main.py', 'src/util.py']);
    expect(missingFiles({ requiredFiles: [] }, [])).toEqual([]);
  });
});
