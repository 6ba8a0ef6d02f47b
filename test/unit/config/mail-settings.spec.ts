import { describe, expect, it } from 'vitest';
import { type MailSettings, readMailSettings } from '../../../src/config/mail-settings.js';

type Variables = Readonly<Record<string, string>>;

function read(variables: Variables, production = false): { settings: MailSettings; faults: string[] } {
  const faults: string[] = [];
  const settings = readMailSettings(
    {
      text: (name) => variables[name] ?? null,
      fault: (variable, message) => faults.push(`${variable} ${message}`),
    },
    production,
  );
  return { settings, faults };
}

describe('the settings for mail', () => {
  it('write mails to the log where nothing is set, and send none in production', () => {
    expect(read({}).settings.mail).toEqual({ kind: 'log' });
    expect(read({}, true).settings.mail).toEqual({ kind: 'off' });
    expect(read({ SMTP_URL: 'log:' }, true).settings.mail).toEqual({ kind: 'log' });
  });

  it.each([
    ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, secure: false, credentials: null }],
    ['smtps://mail.example.org', { host: 'mail.example.org', port: 465, secure: true, credentials: null }],
    ['smtp://[::1]:2525/', { host: '::1', port: 2525, secure: false, credentials: null }],
    [
      'smtps://ada%40example.org:p%2Fw%3A1@mail.example.org:465',
      {
        host: 'mail.example.org',
        port: 465,
        secure: true,
        credentials: { user: 'ada@example.org', password: 'p/w:1' },
      },
    ],
  ])('take %s', (SMTP_URL, server) => {
    const { settings, faults } = read({ SMTP_URL, MAIL_FROM: 'assay@example.org' });
    expect(faults).toEqual([]);
    expect(settings.mail).toEqual({ kind: 'smtp', server });
  });

  it.each([
    'mail.example.org',
    'http://mail.example.org',
    'smtp://',
    'smtp://h/path',
    'smtp://h?tls=no',
    'smtp://a%zz@h',
  ])('refuse %s without showing it', (SMTP_URL) => {
    const { faults } = read({ SMTP_URL, MAIL_FROM: 'assay@example.org' });
    expect(faults).toEqual([expect.stringMatching(/^SMTP_URL must be/)]);
    expect(faults[0]).not.toMatch(/\/\/h|zz/);
  });

  it.each([
    ['assay@example.org', { name: '', address: 'assay@example.org' }],
    ['Assay <assay@example.org>', { name: 'Assay', address: 'assay@example.org' }],
    ['"Programming, 1" <assay@example.org>', { name: 'Programming, 1', address: 'assay@example.org' }],
  ])('take the sender %s', (MAIL_FROM, mailFrom) => {
    expect(read({ MAIL_FROM })).toMatchObject({ faults: [], settings: { mailFrom } });
  });

  it.each(['assay', 'a@b, c@d', 'Assay <a@b> <c@d>', 'a@b\r\nBcc: c@d', ''])('refuse the sender %j', (MAIL_FROM) => {
    expect(read({ MAIL_FROM }).faults).toEqual([expect.stringMatching(/^MAIL_FROM must be/)]);
  });

  it('need a sender for a server', () => {
    expect(read({ SMTP_URL: 'smtp://mail.example.org' }).faults).toEqual([
      expect.stringMatching(/^MAIL_FROM is missing/),
    ]);
  });
});
