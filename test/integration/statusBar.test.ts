import assert from 'node:assert/strict';
import { connect } from '../../src/aws/connect';
import { Accounts } from '../../src/core/accounts';
import { systemClock } from '../../src/core/clock';
import type { AccountConnection } from '../../src/core/connection';
import { Emitter } from '../../src/core/emitter';
import { glance } from '../../src/editor/statusBar';
import { calmWords, statusTooltip } from '../../src/editor/statusTooltip';
import { smallCompany } from '../../src/practice/company';
import { type PracticeAccount, startPracticeAccount } from '../../src/practice/server';

describe('the status bar', () => {
  let practice: PracticeAccount;
  let accounts: Accounts;

  /** @param safe whether everybody has MFA */
  const open = async (safe = true) => {
    const company = smallCompany();
    const users = company.users.map((user) =>
      safe && !user.devices?.length
        ? { ...user, devices: [{ kind: 'virtual', name: `${user.name}-phone`, enabledDaysAgo: 9 } as const] }
        : user,
    );
    practice = await startPracticeAccount({ company: { ...company, users }, reportBuildMs: 0 });
    const keys = practice.addCaller({
      name: 'marcus-himself',
      identity: { kind: 'user', userName: 'marcus' },
      permissions: { allExcept: ['ListUsers'] },
    });
    const connectAs = ({ accessKeyId, secretAccessKey }: typeof keys) =>
      connect({ kind: 'keys', endpoint: practice.endpoint, accessKeyId, secretAccessKey }, () => undefined);
    accounts = new Accounts(
      {
        connect: (source) => {
          const profile = source.kind === 'profile' ? source.profile : '';
          return profile === 'slow'
            ? new Promise<AccountConnection>(() => undefined)
            : connectAs(profile === 'alone' ? keys : practice.caller('keeper'));
        },
        profiles: () => Promise.reject(new Error('not needed here')),
        onDidChangeFiles: new Emitter<void>().on,
      },
      systemClock,
    );
  };
  afterEach(async () => {
    accounts.dispose();
    await practice.stop();
  });

  const add = (profile: string) => accounts.add({ kind: 'profile', profile });
  const seen = () => glance(accounts.sessions, 'allUsers');
  const words = () => seen().words ?? calmWords(accounts.sessions);

  it('says that all have MFA where all were seen', async () => {
    await open();
    await add('keeper');
    assert.equal(words(), 'All have MFA');
    assert.deepEqual(seen(), { isReading: false, warns: false });
  });

  it('says nothing of others to someone who can see only themselves, and why', async () => {
    await open(false);
    await add('alone');
    assert.equal(words(), 'You have MFA');
    assert.match(
      statusTooltip(accounts.sessions).value,
      / ListUsers: your credentials lack the permission iam:ListUsers/,
    );
  });

  it('says nothing of an account of which nothing was read yet, however long that takes', async () => {
    await open();
    await add('keeper');
    void add('slow');
    assert.equal(words(), 'Reading MFA');
    assert.ok(seen().isReading);
    accounts.sessions.slice(1).forEach((session) => accounts.remove(session));
    assert.equal(words(), 'All have MFA');
  });

  it('warns of those who are known to have none while another account is being read', async () => {
    await open(false);
    await add('keeper');
    void add('slow');
    assert.deepEqual(seen(), { words: '5 without MFA', isReading: true, warns: true });
  });
});
