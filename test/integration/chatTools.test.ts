import assert from 'node:assert/strict';
import { LanguageModelTextPart, lm } from 'vscode';
import { Accounts } from '../../src/core/accounts';
import { systemClock } from '../../src/core/clock';
import { ChatTools } from '../../src/editor/chatTools';
import { chatTools } from '../../src/editor/manifest';
import { largeCompany } from '../../src/practice/company';
import { SmallPractice } from './smallPractice';

const { listUsersWithoutMfa, explainMfaState } = chatTools;

describe('the tools of the chat', () => {
  let small: SmallPractice;
  let accounts: Accounts;
  let tools: ChatTools;

  beforeEach(async () => {
    small = await SmallPractice.open();
    accounts = new Accounts(small.sources, systemClock);
    tools = new ChatTools(accounts);
  });
  afterEach(() => {
    accounts.dispose();
    return small.close();
  });

  const show = () => accounts.add({ kind: 'practice' });
  const ask = async (name: typeof listUsersWithoutMfa | typeof explainMfaState, input: object): Promise<string> => {
    const { content } = await tools.invoke(name, input);
    return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : assert.fail())).join('');
  };

  it('are known to the editor', () => {
    const known = lm.tools.map(({ name }) => name);
    assert.ok(
      Object.values(chatTools).every((name) => known.includes(name)),
      known.join(', '),
    );
  });

  it('say what to do where no account is shown, and ask nobody', async () => {
    assert.deepEqual(tools.prepare(listUsersWithoutMfa, {}), {});
    assert.match(await ask(listUsersWithoutMfa, {}), /awsMfa\.addAccount/);
  });

  it('ask first, and name the account and the user', async () => {
    await show();
    for (const [name, input, words] of [
      [listUsersWithoutMfa, {}, /users of .*2109-8765-4321/],
      [explainMfaState, { user: 'maya' }, /of maya in .*2109-8765-4321/],
    ] as const) {
      const { message } = tools.prepare(name, input).confirmationMessages ?? assert.fail();
      assert.match(typeof message === 'string' ? message : message.value, words);
    }
  });

  it('take an account by its number, its alias, or as they have named it', async () => {
    await show();
    const label = 'acme-practice · 2109-8765-4321';
    for (const name of ['210987654321', '2109-8765-4321', 'acme-practice', 'Acme-Practice ', label]) {
      assert.match(await ask(listUsersWithoutMfa, { account: name }), /maya/, name);
    }
    assert.match(await ask(listUsersWithoutMfa, { account: 'acme' }), new RegExp(`There are: ${label}\\.`));
  });

  it('name those without MFA and nobody else', async () => {
    await show();
    const answer = await ask(listUsersWithoutMfa, {});
    for (const name of ['maya', 'deploy-bot']) {
      assert.match(answer, new RegExp(`^\\| ${name} \\| no \\|`, 'm'), name);
    }
    assert.doesNotMatch(answer, /^\| (priya|marcus|elena) /m);
    assert.match(answer, /Can sign in without MFA: \d/);
  });

  it('never say no of those who could not be checked', async () => {
    for (const operation of ['ListMFADevices', 'GetAccountSummary', 'GenerateCredentialReport']) {
      small.practice.faults.set({ kind: 'deny', operation });
    }
    await show();
    assert.match(await ask(listUsersWithoutMfa, {}), /^\| maya \| unknown: .+\|/m);
  });

  it('say that the last reading failed, and hand on what was read before', async () => {
    const session = await show();
    small.practice.faults.set({ kind: 'expiredToken' });
    await session.refresh();
    const answer = await ask(listUsersWithoutMfa, {});
    assert.match(answer, /The last reading failed/);
    assert.match(answer, /^\| maya \| no \|/m);
  });

  it('ask AWS now about one user, and tell devices and reasons', async () => {
    await show();
    const before = small.practice.calls.length;
    const priya = await ask(explainMfaState, { user: 'priya' });
    assert.match(priya, /Has MFA/);
    assert.match(priya, /work-key/);
    const asked = small.practice.calls.slice(before).map(({ operation }) => operation);
    assert.ok(asked.includes('ListMFADevices'), asked.join(', '));
    assert.match(await ask(explainMfaState, { user: 'maya' }), /awsMfa\.enableMfa/);
    assert.match(await ask(explainMfaState, { user: 'nobody-of-this-name' }), /no user "nobody-of-this-name"/);
    assert.match(await ask(explainMfaState, { user: 7 }), /no user ""/);
  });

  it('are about the account that is named', async () => {
    await show();
    assert.match(await ask(listUsersWithoutMfa, { account: '2109-8765-4321' }), /maya/);
    assert.match(await ask(listUsersWithoutMfa, { account: '000000000000' }), /No account "000000000000" is shown/);
  });

  it('write nothing and hand over no key', async () => {
    await show();
    const answers = [await ask(listUsersWithoutMfa, {}), await ask(explainMfaState, { user: 'priya' })].join('');
    const { accessKeyId, secretAccessKey } = small.practice.caller('keeper');
    assert.ok(!answers.includes(accessKeyId) && !answers.includes(secretAccessKey));
    const operations = [...new Set(small.practice.calls.map(({ operation }) => operation))];
    assert.deepEqual(
      operations.filter((operation) => !/^(Get|List|Generate)/.test(operation)),
      [],
    );
  });

  it('leave out what is too much for a chat, and say how many', async () => {
    await small.close();
    small = await SmallPractice.open(largeCompany(1000));
    accounts.dispose();
    accounts = new Accounts(small.sources, systemClock);
    tools = new ChatTools(accounts);
    await show();
    const answer = await ask(listUsersWithoutMfa, {});
    assert.equal(answer.match(/^\| (?!User |---)/gm)?.length, 200);
    assert.match(answer, /\d+ more are not named here/);
  });
});
