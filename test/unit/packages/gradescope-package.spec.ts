import { describe, expect, it } from 'vitest';
import { checked, translate, warnedPlaces, warningsAt } from './translated.js';

const RUN = '#!/usr/bin/env bash\npython3 /autograder/source/grade.py\n';

describe('a Gradescope autograder', () => {
  it('becomes one test whose files no student sees', () => {
    const loaded = translate('gradescope', {
      run_autograder: RUN,
      'setup.sh': '#!/bin/bash\n# packages\napt-get install -y python3-numpy\necho ready\n',
      'grade.py': 'print(1)\n',
      'data/model.bin': Uint8Array.of(0xff, 0),
    });
    const document = checked(loaded);
    expect(document.tests).toMatchObject([
      { kind: 'command', format: 'gradescope', points: 100, output: '.gradescope/results.json' },
    ]);
    expect(document).toMatchObject({ runtime: 'python', systemSitePackages: true });
    expect(document.files.every(({ hidden }) => hidden)).toBe(true);
    expect(document.files.map(({ path, executable, encoding }) => [path, executable, encoding])).toEqual([
      ['.gradescope/run.sh', true, 'utf8'],
      ['.gradescope/submission_metadata.json', false, 'utf8'],
      ['.gradescope/source/data/model.bin', false, 'base64'],
      ['.gradescope/source/grade.py', false, 'utf8'],
      ['.gradescope/source/run_autograder', true, 'utf8'],
      ['.gradescope/source/setup.sh', true, 'utf8'],
    ]);
    expect(warningsAt(loaded, 'setup.sh')).toContain('apt-get install -y python3-numpy');
    expect(warningsAt(loaded, 'setup.sh')).toContain('does more than install');
    expect(warnedPlaces(loaded)).toContain('run_autograder');
  });

  it.each([
    [{ 'setup.sh': '' }, /run_autograder is missing|run_autograder: is missing/],
    [{ run_autograder: 'python3 x' }, /must begin with "#!"/],
    [{ run_autograder: '#!/bin/sh\r\ntrue\r\n' }, /line ends of Windows/],
    [
      { run_autograder: RUN, ...Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${n}`, ''])) },
      /holds 201 files/,
    ],
  ])('is refused where it cannot run', (files, reason) => {
    expect(() => translate('gradescope', files)).toThrow(reason);
  });
});
