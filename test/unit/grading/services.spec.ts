import { describe, expect, it } from 'vitest';
import { SERVICE_NAMES } from '../../../src/grading/grading-document.js';
import { parseGradingDocument } from '../../../src/grading/parse-grading-document.js';
import { presentGradingDocument } from '../../../src/grading/visibility.js';
import { SERVICE_KEYS } from '../../../src/sandbox/services/service.js';

const ceilings = { timeMs: 9_000, wallMs: 9_000, memoryMiB: 999, processes: 99, outputKiB: 9_999, diskMiB: 999 };
const parse = (services: unknown) =>
  parseGradingDocument(
    {
      runtime: 'python',
      files: [
        { path: 'a.sql', content: '' },
        { path: 'b.sql', content: '', hidden: true },
      ],
      services,
      tests: [{ kind: 'program', name: 'runs', points: 1 }],
    },
    { runtimes: ['python'], ceilings },
  );

function parsed(services: unknown) {
  const result = parse(services);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result.document;
}

function faults(services: unknown): string[] {
  const result = parse(services);
  return result.ok ? [] : result.errors.map(({ path, message }) => `${path} ${message}`);
}

describe('the services of a grading document', () => {
  it('are those that the sandbox knows', () => {
    expect(SERVICE_NAMES).toEqual(SERVICE_KEYS);
  });

  it('are names, or names with seeds', () => {
    expect(parsed([]).services).toEqual([]);
    const document = parsed([
      'redis',
      { name: 'mysql', seed: 'a.sql' },
      { name: 'postgres', seed: ['a.sql', 'b.sql'] },
    ]);
    expect(document.services).toEqual([
      { name: 'redis', seed: [] },
      { name: 'mysql', seed: ['a.sql'] },
      { name: 'postgres', seed: ['a.sql', 'b.sql'] },
    ]);
    expect(parsed(document.services).services).toEqual(document.services);
  });

  it('are shown to students without the names of hidden files', () => {
    const shown = presentGradingDocument(parsed([{ name: 'mysql', seed: ['a.sql', 'b.sql'] }]), 'student', {
      now: new Date(0),
      dueAt: null,
    });
    expect(shown.services).toEqual([{ name: 'mysql', seed: ['a.sql'] }]);
  });

  it('must be known, asked for once, and filled from files that are there', () => {
    expect(faults(['oracle']).join()).toContain('/services/0');
    expect(faults([{ name: 'oracle' }]).join()).toContain('/services/0');
    expect(faults([{ name: 'redis', port: 1 }]).join()).toContain('/services/0');
    expect(faults(['redis', { name: 'redis' }])).toEqual([
      '/services/1 asks for redis once more: one instance is all that there is',
    ]);
    expect(faults([{ name: 'mysql', seed: 'c.sql' }])).toEqual([
      '/services/0/seed names c.sql, which is not the path of a file in `files`',
    ]);
  });
});
