import { EventEmitter, once } from 'node:events';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SecretBox } from '../../src/auth/secret-box.js';
import { SigningKeys } from '../../src/auth/signing-keys.js';
import { type Environment, parseEnvironment } from '../../src/config/env.js';
import { createDataSource } from '../../src/database/data-source.js';
import { migrate } from '../../src/database/migrator.js';
import { Transactions } from '../../src/database/transactions.js';
import { Mail } from '../../src/mail/mail.entity.js';
import { MailOutbox } from '../../src/mail/mail-outbox.js';
import { MailRelay } from '../../src/mail/mail-relay.js';
import { SmtpMailTransport } from '../../src/mail/smtp-mail-transport.js';
import { Readiness } from '../../src/monitoring/readiness.js';
import { TestMailServer } from '../support/mail-server.js';
import { createTemporaryDatabase, testDatabaseKind, type TemporaryDatabase } from '../support/temporary-database.js';
import { waitFor } from '../support/wait-for.js';

let database: TemporaryDatabase;
let dataSource: DataSource;
let transactions: Transactions;
let server: TestMailServer;
let outbox: MailOutbox;
let environment: Environment;
let readiness: Readiness;
let registry: Registry;
let relays: MailRelay[];
const box = new SecretBox(new SigningKeys(['integration-tests-sign-with-this-key']));

beforeAll(async () => {
  database = await createTemporaryDatabase();
  const settings = parseEnvironment({ DATABASE_URL: database.url });
  dataSource = createDataSource(settings, [Mail], { guardWrites: true });
  await dataSource.initialize();
  const migrating = createDataSource(settings, []);
  await migrating.initialize();
  await migrate(migrating, settings);
  await migrating.destroy();
  transactions = new Transactions(dataSource);
});
afterAll(async () => {
  await transactions?.onApplicationShutdown();
  await dataSource?.destroy();
  await database?.drop();
});

beforeEach(async () => {
  await transactions.run((manager) => manager.createQueryBuilder().delete().from(Mail).execute());
  server = await TestMailServer.start();
  environment = parseEnvironment({
    DATABASE_URL: database.url,
    SMTP_URL: server.url,
    MAIL_FROM: 'Assay Test <assay@example.org>',
  });
  outbox = new MailOutbox(environment, box);
  relays = [];
});
afterEach(async () => {
  await Promise.all(relays.map((relay) => relay.onApplicationShutdown()));
  await server.stop();
});

function newRelay(sealedWith = box): MailRelay {
  readiness = new Readiness();
  registry = new Registry();
  const { mail } = environment;
  if (mail.kind !== 'smtp') throw new Error('The test has no mail server.');
  const transport = new SmtpMailTransport(mail.server);
  const relay = new MailRelay(environment, transactions, dataSource, transport, sealedWith, readiness, registry);
  relays.push(relay);
  return relay;
}

const add = (to: string, more: { subject?: string; text?: string; usefulForMs?: number } = {}): Promise<void> =>
  transactions.run((manager) =>
    outbox.add(manager, { kind: 'test', to, subject: 'Hello', text: 'A line.\n', ...more }),
  );

async function addMany(count: number): Promise<readonly string[]> {
  const all = Array.from({ length: count }, (_, index) => `user-${index}@example.org`);
  await transactions.run(async (manager) => {
    for (const to of all) await outbox.add(manager, { kind: 'test', to, subject: 'Hello', text: 'A line.\n' });
  });
  return all;
}

const may = (to: string, most: number): Promise<boolean> =>
  transactions.run((manager) => outbox.maySend(manager, { to, kind: 'test', most, withinMs: 3_600_000 }));

const rows = (): Promise<Mail[]> => dataSource.getRepository(Mail).find({ order: { id: 'ASC' } });
const onlyRow = (): Promise<Mail> => dataSource.getRepository(Mail).findOneByOrFail({ kind: 'test' });
const makeDue = (): Promise<unknown> =>
  transactions.run((manager) =>
    manager
      .createQueryBuilder()
      .update(Mail)
      .set({ dueAt: new Date(Date.now() - 1_000) })
      .where('dueAt IS NOT NULL')
      .execute(),
  );
const received = (): string[] => server.mails.flatMap(({ to }) => to).sort();

describe(`mails on ${testDatabaseKind()}`, () => {
  it('arrive as they were written, from the address of the installation, once', async () => {
    const text = `Grüße: https://assay.example.org/a?token=${'x'.repeat(90)}=\n\nA second paragraph. ✓\n`;
    await add('ada@example.org', { subject: 'Für Sie', text });
    expect(await newRelay().sweep()).toBe(1);
    expect(await newRelay().sweep()).toBe(0);
    const [mail] = server.mails;
    expect(mail?.text.trimEnd()).toBe(text.trimEnd());
    expect(mail).toMatchObject({ to: ['ada@example.org'], from: 'assay@example.org' });
    expect(mail?.raw).toMatch(/^From: Assay Test <assay@example.org>\r$/m);
    expect(mail?.raw).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m);
    expect(mail?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    const row = await onlyRow();
    expect(row).toMatchObject({ content: null, dueAt: null, givenUpAt: null });
    expect(row.sentAt).toBeInstanceOf(Date);
    expect(mail?.messageId).toBe(`<${row.id}@example.org>`);
  });

  it('go nowhere when what caused them is rolled back, and are not legible in the database', async () => {
    await expect(
      transactions.run(async (manager) => {
        await outbox.add(manager, { kind: 'test', to: 'ada@example.org', subject: 'x', text: 'x' });
        throw new Error('It did not happen.');
      }),
    ).rejects.toThrow('It did not happen.');
    expect(await newRelay().sweep()).toBe(0);
    await add('ada@example.org', { text: 'the secret is swordfish' });
    expect(JSON.stringify(await rows())).not.toContain('swordfish');
    expect(server.mails).toEqual([]);
  });

  it('cannot be given another header or recipient by what people write', async () => {
    const subject = 'Hello\r\nBcc: eve@example.org\r\n\r\nand more \u202e';
    await add('ada@example.org', { subject, text: '.\r\n.\r\nRCPT TO:<eve@example.org>\r\n' });
    await newRelay().sweep();
    const [mail] = server.mails;
    expect(server.mails).toHaveLength(1);
    expect(mail?.to).toEqual(['ada@example.org']);
    expect(mail?.raw.slice(0, mail.raw.indexOf('\r\n\r\n'))).not.toMatch(/^Bcc:/im);
    expect(mail?.text).toContain('RCPT TO:<eve@example.org>');
    // The last ones hold no blank, but what a lenient reader takes for two, or for another.
    for (const to of [
      'ada@example.org\r\nBcc: eve@example.org',
      'ada@example.org, eve@example.org',
      'ada@example.org,eve@example.org',
      '"ada@example.org,eve@example.org"@example.net',
      'ada@example.org<eve@example.org>',
    ]) {
      await add(to);
    }
    await newRelay().sweep();
    expect(server.mails).toHaveLength(1);
  });

  it('wait while the server is away, cost no try meanwhile, and arrive once when it is back', async () => {
    const all = await addMany(30);
    await server.stop();
    const relay = newRelay();
    for (let round = 0; round < 15; round += 1) expect(await relay.sweep()).toBe(0);
    expect((await rows()).every(({ failures, claims }) => failures === 0 && claims === 0)).toBe(true);
    newRelay().onApplicationBootstrap();
    const check = () => readiness.list()[0]?.check();
    await waitFor(async () => (await check())?.isUp === false, { until: 'it is told that the server is away' });
    expect(readiness.list()[0]?.isEssential).toBe(false);
    await server.start();
    await waitFor(async () => (await rows()).every(({ sentAt }) => sentAt !== null), { until: 'all are sent' });
    expect(received()).toEqual([...all].sort());
    expect(await check()).toMatchObject({ isUp: true });
    expect(await registry.metrics()).toMatch(/assay_mails_total\{outcome="sent"\} 30\n/);
    expect(await registry.metrics()).toMatch(/assay_mails_waiting 0\n/);
  });

  it('that were not yet tried when the server left are given back at once, and none is lost or doubled but what broke off', async () => {
    const all = await addMany(30);
    server.beforeAnswer = async () => {
      if (server.mails.length === 10) await server.stop();
    };
    const relay = newRelay();
    await relay.sweep();
    const touched = (await rows()).filter(({ failures, sentAt }) => sentAt === null && failures > 0);
    // One for each connection.
    expect(touched.length).toBeLessThanOrEqual(2);
    server.beforeAnswer = () => Promise.resolve();
    await server.start();
    await makeDue();
    while ((await relay.sweep()) > 0);
    expect([...new Set(received())]).toEqual([...all].sort());
    expect(server.mails.length).toBeLessThanOrEqual(all.length + 2);
    const again = server.mails.filter(({ messageId }, index) =>
      server.mails.slice(0, index).some((earlier) => earlier.messageId === messageId),
    );
    expect(again).toHaveLength(server.mails.length - all.length);
  });

  it('are shared by processes that send at the same time', async () => {
    const all = await addMany(60);
    const counts = await Promise.all([newRelay(), newRelay(), newRelay()].map((relay) => relay.sweep()));
    expect(counts.reduce((sum, count) => sum + count)).toBe(60);
    expect(received()).toEqual([...all].sort());
  });

  it('are refused later and later, and given up, while others go out', async () => {
    server.refuse = (address) => (address.startsWith('full') ? { code: 452 } : null);
    await add('full@example.org');
    const relay = newRelay();
    for (let round = 1; round <= 10; round += 1) {
      const before = Date.now();
      await relay.sweep();
      const { dueAt, failures, lastError, givenUpAt } = await onlyRow();
      expect({ failures, lastError }).toEqual({ failures: round, lastError: 'EENVELOPE 452' });
      if (round < 10) expect((dueAt?.getTime() ?? 0) - before).toBeGreaterThan(15_000 * 2 ** (round - 1));
      else expect(givenUpAt).toBeInstanceOf(Date);
      await makeDue();
    }
    expect(await onlyRow()).toMatchObject({ content: null, dueAt: null, sentAt: null });
    await add('else@example.org');
    expect(await relay.sweep()).toBe(1);
    expect(await registry.metrics()).toMatch(/assay_mails_total\{outcome="given_up"\} 1\n/);
  });

  it('are given up sooner where the server will never take them, where nobody needs them, or where their key is gone', async () => {
    server.refuse = () => ({ code: 550 });
    await add('gone@example.org');
    const relay = newRelay();
    for (let round = 0; round < 3; round += 1) {
      await relay.sweep();
      await makeDue();
    }
    expect((await onlyRow()).givenUpAt).toBeInstanceOf(Date);
    server.refuse = () => null;
    await transactions.run((manager) => manager.createQueryBuilder().delete().from(Mail).execute());
    await add('late@example.org', { usefulForMs: -1 });
    await relay.sweep();
    expect((await onlyRow()).givenUpAt).toBeInstanceOf(Date);
    await transactions.run((manager) => manager.createQueryBuilder().delete().from(Mail).execute());
    await add('sealed@example.org');
    const other = newRelay(new SecretBox(new SigningKeys(['another-key-of-thirty-two-bytes-and-more'])));
    await other.sweep();
    expect(await onlyRow()).toMatchObject({ lastError: 'its key is gone', sentAt: null });
    expect(server.mails).toEqual([]);
  });

  it('belong to whoever took them last: a process that comes back marks nothing', async () => {
    await add('ada@example.org');
    const events = new EventEmitter();
    const isHeld = once(events, 'held');
    server.beforeAnswer = async () => {
      server.beforeAnswer = () => Promise.resolve();
      events.emit('held');
      await once(events, 'release');
    };
    const slow = newRelay();
    const slowRegistry = registry;
    const sweeping = slow.sweep();
    await isHeld;
    // Its lease is over, as it would be had it died.
    await makeDue();
    expect(await newRelay().sweep()).toBe(1);
    const sent = await onlyRow();
    events.emit('release');
    await sweeping;
    expect(await onlyRow()).toEqual(sent);
    expect(await slowRegistry.metrics()).toMatch(/assay_mails_total\{outcome="stale"\} 1\n/);
    expect(new Set(server.mails.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('are counted by address and kind, and no address gets too many', async () => {
    expect(await may('ada@example.org', 1)).toBe(true);
    await add('ada@example.org');
    expect(await may('ada@example.org', 1)).toBe(false);
    expect(await may('ada@example.org', 2)).toBe(true);
    expect(await may('eve@example.org', 1)).toBe(true);
    for (let count = 0; count < 29; count += 1) await add('ada@example.org');
    expect(await may('ada@example.org', 100)).toBe(false);
  });
});
