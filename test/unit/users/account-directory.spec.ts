import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Repository } from 'typeorm';
import { parseEnvironment } from '../../../src/config/env.js';
import { AccountDirectory } from '../../../src/users/account-directory.js';
import type { User } from '../../../src/users/user.entity.js';

describe('the account directory', () => {
  const findOne = vi.fn<() => Promise<Partial<User> | null>>();
  let directory: AccountDirectory;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    findOne.mockReset().mockResolvedValue({ id: 'a', role: 'student', disabled: false, tokenVersion: 3 });
    directory = new AccountDirectory({ findOne } as unknown as Repository<User>, parseEnvironment({}));
  });
  afterEach(() => vi.useRealTimers());

  it('reads an account once a second, however many ask', async () => {
    const states = await Promise.all([directory.find('a'), directory.find('a'), directory.find('a')]);
    expect(states).toEqual([1, 2, 3].map(() => ({ role: 'student', tokenVersion: 3 })));
    vi.advanceTimersByTime(999);
    await directory.find('a');
    expect(findOne).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(2);
    await directory.find('a');
    expect(findOne).toHaveBeenCalledTimes(2);
  });

  it('says who has to confirm their address, where the installation asks for it', async () => {
    const environment = parseEnvironment({ EMAIL_VERIFICATION: 'required' });
    directory = new AccountDirectory({ findOne } as unknown as Repository<User>, environment);
    const account = { id: 'b', role: 'student', disabled: false, tokenVersion: 1 } as const;
    findOne
      .mockResolvedValueOnce({ ...account, emailVerifiedAt: null })
      .mockResolvedValueOnce({ ...account, emailVerifiedAt: new Date() });
    expect(await directory.find('b')).toMatchObject({ mustVerifyEmail: true });
    expect(await directory.find('c')).not.toHaveProperty('mustVerifyEmail');
  });

  it('knows nobody who is gone or disabled', async () => {
    findOne
      .mockResolvedValueOnce(null)
      .mockResolvedValueOnce({ id: 'b', role: 'admin', disabled: true, tokenVersion: 1 });
    expect(await directory.find('gone')).toBeNull();
    expect(await directory.find('b')).toBeNull();
  });

  it('reads again what it was told to forget', async () => {
    await directory.find('a');
    directory.forget('a');
    await directory.find('a');
    expect(findOne).toHaveBeenCalledTimes(2);
  });

  it('gives a failed read to nobody else', async () => {
    findOne.mockRejectedValueOnce(new Error('away'));
    await expect(directory.find('a')).rejects.toThrow('away');
    expect(await directory.find('a')).toEqual({ role: 'student', tokenVersion: 3 });
  });

  it('keeps a bounded number of accounts', async () => {
    for (let index = 0; index <= 10_000; index += 1) await directory.find(`user-${index}`);
    findOne.mockClear();
    await directory.find('user-10000');
    expect(findOne).not.toHaveBeenCalled();
    await directory.find('user-0');
    expect(findOne).toHaveBeenCalledTimes(1);
  });
});
