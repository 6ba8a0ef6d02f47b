import 'reflect-metadata';
import { AuditEntry } from './audit/audit-entry.entity.js';
import { AuditHead } from './audit/audit-head.entity.js';
import { verifyChain } from './audit/verify-chain.js';
import { loadEnvironment } from './config/env.js';
import { createDataSource } from './database/data-source.js';
import { endWithReason } from './end-with-reason.js';
import { DomainError } from './errors/domain-error.js';

const USAGE = 'npm run audit:verify [-- --head HASH]';

/** `npm run audit:verify`: whether the audit entries are all there and as they were written. */
async function main(): Promise<void> {
  const expectedHash = readArguments(process.argv.slice(2));
  const dataSource = createDataSource(loadEnvironment(), [AuditEntry, AuditHead]);
  await dataSource.initialize();
  try {
    const { entries, older, head, faults } = await verifyChain(dataSource.manager, {
      ...(expectedHash === null ? {} : { expectedHash }),
      progress: (read) => console.error(`${read} entries read …`),
    });
    for (const fault of faults) console.log(`FAULT  ${fault}`);
    if (older > 0) console.log(`${older} entries are older than the chain: nothing tells whether they are whole.`);
    console.log(`${entries} entries in the chain; its head is ${head.hash} (entry ${head.sequence}).`);
    console.log(
      faults.length === 0
        ? 'The chain is whole. Keep its head elsewhere, and ask for it the next time: --head HASH.'
        : 'The audit log was changed outside of Assay. Compare it with a backup or an earlier export.',
    );
    process.exitCode = faults.length === 0 ? 0 : 1;
  } finally {
    await dataSource.destroy();
  }
}

function readArguments(args: readonly string[]): string | null {
  const [name, hash, ...more] = args.flatMap((argument) => argument.split('='));
  if (name === undefined) return null;
  if (name === '--head' && hash !== undefined && /^[0-9a-f]{64}$/i.test(hash) && more.length === 0) {
    return hash.toLowerCase();
  }
  throw new DomainError('invalid', 'bad_arguments', `${USAGE}: HASH has 64 hexadecimal digits.`);
}

main().catch(endWithReason);
