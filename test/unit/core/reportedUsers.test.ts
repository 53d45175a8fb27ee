import assert from 'node:assert/strict';
import { problemOf } from '../../../src/core/problem';
import { lastActivity } from '../../../src/core/userOrder';
import { largeCompany } from '../../../src/practice/company';
import { virtualOnly } from './largeAccount';
import { Setup, until } from '../practiceSetup';

const day = 24 * 3_600_000;

describe('what the credential report alone tells of users', () => {
  let setup: Setup;
  afterEach(() => setup.close());

  /** Days since then, rounded. */
  const days = (date: Date | undefined) => date && Math.round((setup.clock.now() - date.getTime()) / day);

  it('is asked for when it is needed, once, and stays when the account is read again', async () => {
    setup = await Setup.open();
    const directory = await setup.loaded();
    const entry = (name: string) => directory.account?.users.get(name) ?? assert.fail(name);
    assert.equal(entry('elena').reported, undefined, 'few users are read without it');
    await directory.readReport();
    assert.equal(days(entry('elena').reported?.passwordChangedAt), 300);
    assert.deepEqual(
      [days(lastActivity(entry('deploy-bot'))), entry('deploy-bot').user.passwordLastUsed],
      [0, undefined],
    );
    assert.equal(entry('deploy-bot').reported?.passwordChangedAt, undefined, 'it has no password');

    const read = setup.count('GetCredentialReport');
    await directory.readReport();
    await directory.load();
    await directory.refreshUser('elena');
    assert.equal(days(entry('elena').reported?.passwordChangedAt), 300);
    assert.equal(setup.count('GetCredentialReport'), read);
  });

  it('draws nothing anew where it was known', async () => {
    setup = await Setup.open();
    const directory = await setup.loaded();
    await directory.readReport();
    const before = directory.account?.users.get('maya');
    await directory.readReport();
    assert.equal(directory.account?.users.get('maya'), before);
  });

  it('is there with no call more where many users are read with it', async () => {
    setup = await Setup.open({ company: largeCompany(60) });
    const directory = await setup.loaded();
    assert.ok(setup.count('GetCredentialReport') > 0);
    assert.equal(days(directory.account?.users.get('person-0004')?.reported?.passwordChangedAt), 25);
  });

  it('is waited for also where the reading that asked for it is given up for a new one', async () => {
    setup = await Setup.open({ company: virtualOnly(300) });
    const gate = setup.relay.hold('GetCredentialReport', 1);
    const directory = await setup.directory();
    const first = directory.load();
    await gate.reached;
    await until(() => directory.state.kind === 'loaded');
    const sorting = directory.readReport();
    await Promise.all([directory.load(), first, sorting]);
    gate.open();
    assert.ok(directory.account?.users.get('maya')?.reported);
  });

  it('is not asked for any longer, and is no error, where a person stops it', async () => {
    setup = await Setup.open();
    const directory = await setup.loaded();
    const gate = setup.relay.hold('GetCredentialReport');
    const sorting = directory.readReport();
    await gate.reached;
    directory.cancelReading();
    await sorting;
    const asked = setup.count('GetCredentialReport');
    gate.open();
    assert.equal(directory.account?.users.get('elena')?.reported, undefined);
    await directory.readReport();
    assert.ok(directory.account?.users.get('elena')?.reported, 'asked for once more, it is there');
    assert.ok(setup.count('GetCredentialReport') > asked);
  });

  it('is asked for again after a refusal', async () => {
    setup = await Setup.open();
    const directory = await setup.loaded();
    setup.practice.faults.set({ kind: 'deny', operation: 'GenerateCredentialReport', times: 1 });
    await assert.rejects(directory.readReport());
    await directory.readReport();
    assert.ok(directory.account?.users.get('elena')?.reported);
  });

  it('tells the password also of somebody who was looked at while it was made', async () => {
    setup = await Setup.open({ company: virtualOnly(300) });
    setup.practice.faults.set({ kind: 'deny', operation: 'GetLoginProfile' });
    const gate = setup.relay.hold('GetCredentialReport');
    const directory = await setup.directory();
    const reading = directory.load();
    await until(() => directory.state.kind === 'loaded');
    const users = [...(directory.account?.users.values() ?? [])];
    const [name = ''] = users.flatMap(({ user, mfa, password }) =>
      mfa.kind === 'none' && password.kind === 'unknown' ? [user.name] : [],
    );
    await directory.refreshUser(name);
    gate.open();
    await reading;
    assert.notEqual(directory.account?.users.get(name)?.password.kind, 'unknown');
  });

  it('is told also of somebody who was looked at while it was made', async () => {
    setup = await Setup.open({ company: virtualOnly(300) });
    const gate = setup.relay.hold('GetCredentialReport');
    const directory = await setup.directory();
    const reading = directory.load();
    await until(() => directory.state.kind === 'loaded');
    await directory.refreshUser('maya');
    gate.open();
    await reading;
    assert.ok(directory.account?.users.get('maya')?.reported);
  });

  it('stays where a refusal of the live question comes after it', async () => {
    setup = await Setup.open({ company: virtualOnly(300) });
    setup.practice.faults.set({ kind: 'deny', operation: 'GetLoginProfile' });
    const gate = setup.relay.hold('GetCredentialReport');
    const directory = await setup.directory();
    const reading = directory.load();
    await until(() => directory.state.kind === 'loaded');
    const users = [...(directory.account?.users.values() ?? [])];
    const [name = ''] = users.flatMap(({ user, mfa, password }) =>
      mfa.kind === 'none' && password.kind === 'unknown' ? [user.name] : [],
    );
    const late = setup.relay.hold('GetLoginProfile');
    const look = directory.refreshUser(name);
    await late.reached;
    gate.open();
    await reading;
    late.open();
    await look;
    assert.notEqual(directory.account?.users.get(name)?.password.kind, 'unknown');
  });

  it('stays unknown where it is refused, and the account as it was read', async () => {
    setup = await Setup.open();
    const directory = await setup.loaded();
    setup.practice.faults.set({ kind: 'deny', operation: 'GenerateCredentialReport' });
    const refused = await directory.readReport().then(() => undefined, problemOf);
    assert.equal(refused?.code, 'accessDenied');
    assert.equal(directory.state.kind, 'loaded');
    assert.ok([...(directory.account?.users.values() ?? [])].every(({ reported }) => reported === undefined));
  });
});
