import assert from 'node:assert/strict';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { partsOf, readInParts } from '../../../src/aws/answers';
import { pagesAhead, tellParts } from '../../../src/aws/pagesAhead';
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
    tellParts(command, () => {
      assert.equal(turns, parts, 'whoever waited for a turn had one since the last part');
      parts++;
      setImmediate(() => turns++);
    });
    await client.send(command);
    assert.equal(parts, 20);
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
  interface Part {
    readonly entries: string;
    readonly Marker?: string | undefined;
  }
  /** Pages that are answered when the test says so. */
  function book() {
    const asked: (string | undefined)[] = [];
    const told: ((part: Part) => void)[] = [];
    const ends: { readonly whole: () => void; readonly fail: (error: Error) => void }[] = [];
    const parts = pagesAhead<Part>((marker, tell) => {
      asked.push(marker);
      told.push(tell);
      return new Promise<void>((resolve, reject) => ends.push({ whole: resolve, fail: reject }));
    });
    const tell = (page: number, entries: string, Marker?: string) => told[page]?.({ entries, Marker });
    const read = async () => ((await parts.next()).value as Part | undefined)?.entries;
    return { asked, tell, ends, parts, read };
  }

  it('are handed on part by part, before they are whole', async () => {
    const { tell, ends, read, parts } = book();
    const first = read();
    tell(0, 'a');
    assert.equal(await first, 'a');
    const second = read();
    tell(0, 'b');
    assert.equal(await second, 'b');
    ends[0]?.whole();
    assert.equal((await parts.next()).done, true);
  });

  it('are asked for while the one before them is still being read, and come in their order', async () => {
    const { asked, tell, ends, read, parts } = book();
    const first = read();
    assert.deepEqual(asked, [undefined], 'nobody knows yet where the second begins');
    tell(0, 'a', '1');
    assert.deepEqual(asked, [undefined, '1']);
    tell(1, 'c', '2');
    tell(2, 'e');
    assert.deepEqual(asked, [undefined, '1', '2']);
    tell(1, 'd', '2');
    tell(0, 'b', '1');
    ends.toReversed().forEach(({ whole }) => whole());
    const all = [await first];
    for await (const { entries } of parts) {
      all.push(entries);
    }
    assert.deepEqual(all, ['a', 'b', 'c', 'd', 'e']);
  });

  it('say once where the next one begins, and are asked for once, however often it is told', async () => {
    const { asked, tell, ends, parts } = book();
    const first = parts.next();
    tell(0, 'a', '1');
    tell(0, 'b', '1');
    tell(1, 'c');
    ends.forEach(({ whole }) => whole());
    const markers = [(await first).value as Part];
    for await (const part of parts) {
      markers.push(part);
    }
    assert.deepEqual(
      markers.map(({ Marker }) => Marker),
      ['1', undefined, undefined],
    );
    assert.deepEqual(asked, [undefined, '1']);
  });

  it('end with an empty marker', async () => {
    const { asked, tell, ends, read, parts } = book();
    const first = read();
    tell(0, 'a', '');
    ends[0]?.whole();
    assert.equal(await first, 'a');
    assert.equal((await parts.next()).done, true);
    assert.deepEqual(asked, [undefined]);
  });

  it('end where one fails, and none is asked for any more', async () => {
    const { asked, tell, ends, read } = book();
    const first = read();
    tell(0, 'a', '1');
    assert.equal(await first, 'a');
    const second = read();
    ends[0]?.fail(new Error('broken off'));
    await assert.rejects(second, /broken off/);
    tell(1, 'c', '2');
    // Nobody waits for it, and it is no unhandled rejection.
    ends[1]?.fail(new Error('late'));
    await settle();
    assert.deepEqual(asked, [undefined, '1']);
  });

  it('are not asked for any more once nobody reads on', async () => {
    const { asked, tell, ends, read, parts } = book();
    const first = read();
    tell(0, 'a', '1');
    await first;
    await parts.return();
    tell(0, 'b', '1');
    tell(1, 'c', '2');
    ends.forEach(({ whole }) => whole());
    await settle();
    assert.deepEqual(asked, [undefined, '1']);
  });
});
