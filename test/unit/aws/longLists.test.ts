import assert from 'node:assert/strict';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { partsOf, readInParts } from '../../../src/aws/answers';
import { pagesAhead, tellMarker } from '../../../src/aws/pagesAhead';
import { largeCompany } from '../../../src/practice/company';
import { Setup } from '../practiceSetup';

/** Lets everything happen that needs no network. */
const settle = () => new Promise(setImmediate);

describe('a list of a thousand users', () => {
  const size = 1000;
  let setup: Setup;
  let client: IAMClient;

  beforeEach(async () => {
    setup = await Setup.open({ company: largeCompany(size) });
    const { accessKeyId, secretAccessKey } = setup.practice.caller('keeper');
    client = new IAMClient({
      endpoint: setup.practice.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
    });
  });
  afterEach(async () => {
    client.destroy();
    await setup.close();
  });

  const listed = async () => {
    const { Users = [], ...rest } = await client.send(new ListUsersCommand({ MaxItems: 1000 }));
    return { users: Users, rest: { ...rest, $metadata: undefined } };
  };

  it('is the same, read in parts', async () => {
    const whole = await listed();
    readInParts(client);
    assert.deepEqual(await listed(), whole);
    assert.equal(whole.users.length, size);
  });

  it('leaves a turn for everything else after each part', async () => {
    readInParts(client);
    const command = new ListUsersCommand({ MaxItems: 1000 });
    let parts = 0;
    let turns = 0;
    tellMarker(command, () => {
      assert.equal(turns, parts, 'whoever waited for a turn had one since the last part');
      parts++;
      setImmediate(() => turns++);
    });
    await client.send(command);
    assert.equal(parts, 10);
  });

  it('is read anew, whole, where an answer was broken off in the middle', async () => {
    const whole = await listed();
    readInParts(client);
    const { accessKeyId, secretAccessKey } = setup.practice.caller('keeper');
    const relayed = new IAMClient({
      endpoint: setup.relay.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey },
    });
    readInParts(relayed);
    let isFirst = true;
    setup.relay.spoil('ListUsers', {
      kind: 'change',
      change: (body) => {
        const cut = isFirst ? body.replace(/<UserName>person-0500<\/UserName>/, '<UserName>person-0500') : body;
        isFirst = false;
        return cut;
      },
    });
    await assert.rejects(relayed.send(new ListUsersCommand({ MaxItems: 1000 })));
    const again = await relayed.send(new ListUsersCommand({ MaxItems: 1000 }));
    assert.deepEqual(again.Users, whole.users);
    relayed.destroy();
  });
});

describe('the parts of an answer', () => {
  const answer = (inner: string) =>
    `<R xmlns="x"><Result>${inner}<IsTruncated>true</IsTruncated><Marker>m</Marker></Result></R>`;
  const parts = (body: string, most = 2) => partsOf(Buffer.from(body), 'Users', most).map(String);

  it('hold its entries in their order, and all that stands around them', () => {
    const entry = (name: string) => `<member><UserName>${name}</UserName></member>`;
    assert.deepEqual(
      parts(answer(`<Users>${['a', 'b', 'c', 'd', 'e'].map(entry).join('\n')}</Users>`)),
      ['a|b', 'c|d', 'e'].map((some, index) =>
        answer(`<Users>${some.split('|').map(entry).join('\n')}${index < 2 ? '\n' : ''}</Users>`),
      ),
    );
  });

  it('keep an entry’s own lists with it', () => {
    const entry = '<member><Tags><member><Key>k</Key></member><member><Key>l</Key></member></Tags></member>';
    assert.deepEqual(
      parts(answer(`<Users>${entry}${entry}${entry}</Users>`)),
      [entry + entry, entry].map((some) => answer(`<Users>${some}</Users>`)),
    );
  });

  for (const [what, body] of Object.entries({
    'no entry': answer('<Users></Users>'),
    'no list': answer('<Users/>'),
    'as many entries as fit': answer('<Users><member/><member></member><member></member></Users>'),
    'a comment': answer('<Users><!-- <member> --><member></member><member></member><member></member></Users>'),
    CDATA: answer('<Users><member><![CDATA[</member>]]></member><member></member><member></member></Users>'),
    'entries that do not end': answer('<Users><member><member></member><member></member><member></member></Users>'),
    'nothing of AWS’s': '<html>',
  })) {
    it(`are one where it has ${what}`, () => {
      assert.deepEqual(parts(body), [body]);
    });
  }
});

describe('pages', () => {
  /** Pages that are answered when the test says so. */
  function book(last: number) {
    const asked: (string | undefined)[] = [];
    const answers: { readonly answer: (page: string) => void; readonly fail: (error: Error) => void }[] = [];
    const markers: ((marker: string | undefined) => void)[] = [];
    const pages = pagesAhead<string>((marker, told) => {
      asked.push(marker);
      markers.push(told);
      return new Promise((resolve, reject) => answers.push({ answer: resolve, fail: reject }));
    });
    /** A part of the newest page was read. */
    const tell = () => markers.at(-1)?.(asked.length < last ? String(asked.length) : undefined);
    return { asked, answers, pages, tell, markers };
  }

  it('are asked for while the one before them is still being read, and come in their order', async () => {
    const { asked, answers, pages, tell } = book(3);
    const first = pages.next();
    assert.deepEqual(asked, [undefined], 'nobody knows yet where the second begins');
    tell();
    tell();
    tell();
    assert.deepEqual(asked, [undefined, '1', '2']);
    answers.forEach(({ answer }, index) => answer(`page ${index}`));
    assert.equal((await first).value, 'page 0');
    assert.equal((await pages.next()).value, 'page 1');
    assert.equal((await pages.next()).value, 'page 2');
    assert.equal((await pages.next()).done, true);
  });

  it('are asked for once, however often it is told where they begin', async () => {
    const { asked, answers, pages, markers } = book(2);
    const first = pages.next();
    markers[0]?.('1');
    markers[0]?.('1');
    assert.deepEqual(asked, [undefined, '1']);
    answers.forEach(({ answer }) => answer('page'));
    await first;
  });

  it('end with an empty marker', async () => {
    const { asked, answers, pages, markers } = book(5);
    const first = pages.next();
    markers[0]?.('');
    answers[0]?.answer('page 0');
    assert.equal((await first).value, 'page 0');
    assert.equal((await pages.next()).done, true);
    assert.deepEqual(asked, [undefined]);
  });

  it('end where one fails, and none is asked for any more', async () => {
    const { asked, answers, pages, markers } = book(5);
    const first = pages.next();
    markers[0]?.('1');
    answers[0]?.fail(new Error('broken off'));
    await assert.rejects(first, /broken off/);
    markers[1]?.('2');
    // Nobody waits for it, and it is no unhandled rejection.
    answers[1]?.fail(new Error('late'));
    await settle();
    assert.deepEqual(asked, [undefined, '1']);
  });

  it('are not asked for any more once nobody reads on', async () => {
    const { asked, answers, pages, markers } = book(5);
    const first = pages.next();
    markers[0]?.('1');
    answers[0]?.answer('page 0');
    await first;
    await pages.return();
    markers[1]?.('2');
    assert.deepEqual(asked, [undefined, '1']);
  });
});
