import assert from 'node:assert/strict';
import { lookedAtFirst } from '../../../src/core/lookUpOrder';
import { SteeredClock } from '../doubles';
import { Setup } from '../practiceSetup';
import { assertAllTrue, hiddenUsers } from './largeAccount';
import { largeCompany } from '../../../src/practice/company';

const users = (...names: string[]) => names.map((name) => ({ name, path: '/', arn: `arn:aws:iam::1:user/${name}` }));

describe('of users whom AWS is asked about one by one', () => {
  const clock = new SteeredClock();
  const order = (names: readonly string[], lookedAt: () => Iterable<string>) =>
    [...lookedAtFirst(users(...names), lookedAt, clock)].map(({ name }) => name);

  it('those come first whom somebody looks at, in the order in which they stand there, and each once', () => {
    assert.deepEqual(
      order(['a', 'b', 'c', 'd', 'e'], () => ['d', 'stranger', 'b', 'd']),
      ['d', 'b', 'a', 'c', 'e'],
    );
  });

  it('the order is as it was where nobody looks, or everybody is in sight', () => {
    assert.deepEqual(
      order(['b', 'a'], () => []),
      ['b', 'a'],
    );
    assert.deepEqual(
      order(['b', 'a'], () => ['a', 'b']),
      ['a', 'b'],
    );
    assert.deepEqual(
      order([], () => ['a']),
      [],
    );
  });

  it('those who come into sight meanwhile come next, and it is not looked more often than four times in a second', () => {
    let inSight = ['c'];
    let looks = 0;
    const found = lookedAtFirst(
      users('a', 'b', 'c', 'd', 'e'),
      () => {
        looks++;
        return inSight;
      },
      clock,
    );
    const next = () => {
      const { value } = found.next();
      return value?.name;
    };
    assert.equal(next(), 'c');
    inSight = ['e', 'c'];
    assert.equal(next(), 'a', 'it was looked a moment ago');
    clock.advance(250);
    assert.equal(next(), 'e');
    assert.equal(next(), 'b');
    assert.equal(looks, 2);
    assert.deepEqual([next(), next()], ['d', undefined]);
  });

  describe('in an account without report and sum', () => {
    let setup: Setup;
    const size = 300;

    beforeEach(async () => {
      setup = await Setup.open({ company: largeCompany(size) });
      for (const operation of ['GenerateCredentialReport', 'GetCredentialReport', 'GetAccountSummary']) {
        setup.practice.faults.set({ kind: 'deny', operation });
      }
    });
    afterEach(() => setup.close());

    const asked = (operation: string) =>
      setup.practice.calls.flatMap((call) => (call.operation === operation ? [call.parameters['UserName']] : []));

    it('their devices and their passwords are asked for first, and nobody is forgotten', async () => {
      const directory = await setup.directory();
      const hidden = hiddenUsers(setup).slice(-3);
      const without = ['person-0209', 'person-0289'];
      directory.askFirstAbout(() => [...hidden, 'nobody', ...without]);
      await directory.load();
      assertAllTrue(setup, directory, size);
      // Ten are on their way at once, and arrive in any order.
      const devices = asked('ListMFADevices').slice(0, 10);
      [...hidden, ...without].forEach((name) => assert.ok(devices.includes(name), `${name} among ${devices.join()}`));
      const passwords = asked('GetLoginProfile');
      assert.ok(passwords.length > 50, String(passwords.length));
      without.forEach((name) => assert.ok(passwords.slice(0, 10).includes(name), passwords.slice(0, 10).join()));
      assert.equal(new Set(asked('ListMFADevices')).size, asked('ListMFADevices').length, 'each is asked about once');
      assert.equal(new Set(passwords).size, passwords.length);
    });
  });
});
