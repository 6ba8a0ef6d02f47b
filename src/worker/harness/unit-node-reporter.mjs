// The reporter of node:test for unit-node.mjs, which loads it before any code of the submission and gives it what it needs.
let given = null;

/** Once: who comes later has nothing to give. */
export function claim(tools) {
  given ??= tools;
}

// A reporter is a generator; this one has nothing to print.
// oxlint-disable-next-line require-yield
export default async function* report(events) {
  const { tell, tellCase, describeError, end } = given;
  const path = [];
  for await (const { type, data } of events) {
    if (type === 'test:start') {
      path.length = data.nesting;
      path[data.nesting] = data.name;
      continue;
    }
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const name = [...path.slice(0, data.nesting), data.name].join(' > ');
    const error = data.details?.error;
    if (data.details?.type === 'suite') {
      if (type === 'test:fail' && error?.failureType !== 'subtestsFailed') {
        tell({ __proto__: null, t: 'fault', message: `${name}: ${describeError(error?.cause ?? error)}` });
      }
      continue;
    }
    const reason = data.skip ?? data.todo;
    if (reason !== undefined) tellCase(name, data.name, 'skipped', `${reason}`);
    else if (type === 'test:pass') tellCase(name, data.name, 'passed');
    else tellCase(name, data.name, 'failed', describeError(error?.cause ?? error));
  }
  end();
}
