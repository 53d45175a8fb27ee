import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { appIds, type DeviceCard, type PageMessage, type SerialStep, type View } from '../../src/protocol/enrolment';
import {
  asking,
  bothRight,
  done,
  doneToken,
  doneUnconfirmed,
  elsewhere,
  enabling,
  failed,
  naming,
  phoneShown,
  proving,
  resyncing,
  scanning,
  serialStep,
  signInLost,
  snapshot,
  strings,
  tokenAsked,
  tokenDevice,
  tokenPractice,
  views,
} from './fixtures';
import { type OpenedPage, PageUnderTest, themeNames } from './page';

const hostile = `<img src=x onerror="window.caught=1"><script>window.caught=1</script>"'&lt;`;

function hostileDevice(text: string): DeviceCard {
  return { name: text, kind: text, serial: `${text}/serial`, icon: 'key' };
}

function hostileSerial(text: string): SerialStep {
  const practice = { id: 'practiceToken', label: text } as const;
  return { ...serialStep, title: text, text, label: text, serial: text, hint: text, wrong: true, practice };
}

function wordsOfCodes(text: string) {
  const others = [{ id: 'useApp', label: text }] as const;
  const signIn = { tone: 'warning', text, detail: text, actions: [{ id: 'renewSignIn', label: text }] } as const;
  return {
    codesText: text,
    submit: text,
    cancelNote: text,
    notice: { tone: 'warning', text },
    signIn,
    others,
  } as const;
}

/** Everything a person or AWS can put on the page, hostile and very long. */
function withHostileTexts(text: string): View[] {
  const notice = { tone: 'error', text, detail: text } as const;
  return [
    { kind: 'working', text },
    { ...naming, notice, name: text },
    { ...phoneShown, deviceName: text, appearsAs: text, notice },
    { ...tokenPractice, ...wordsOfCodes(text), first: hostileSerial(text), phone: { code: '482913' } },
    { ...resyncing, ...wordsOfCodes(text), first: { kind: 'device', title: text, text, device: hostileDevice(text) } },
    {
      ...proving,
      title: text,
      text,
      devices: [hostileDevice(text), tokenDevice],
      serial: text,
      notice,
      phone: { code: '482913' },
      others: [{ id: 'resync', label: text }],
    },
    { ...asking, title: text, notice, actions: [{ id: 'cancel', label: text }] },
    { ...done, title: text, text, device: hostileDevice(text), notice },
    { ...failed, title: text, notice, remains: text, facts: [{ label: text, value: text }] },
  ];
}

/** Of each view that takes codes, the one with the most controls. */
const manyControls: readonly View[] = [
  phoneShown,
  { ...tokenPractice, phone: { code: '482913' } },
  { ...proving, phone: { code: '482913' } },
  signInLost,
];

describe('Enable MFA page: the whole', function () {
  this.timeout(120_000);
  let pages: PageUnderTest;
  before(async () => {
    pages = await PageUnderTest.start();
  });
  after(() => pages.stop());

  it('says ready once at load and shows nothing until it is told what', async () => {
    const opened = await pages.open();
    assert.deepEqual(await opened.sent(), [{ type: 'ready' }] satisfies PageMessage[]);
    assert.equal(await opened.page.locator('main > *').count(), 0);
  });

  it('is not disturbed by messages that are none of the editor’s', async () => {
    const opened = await pages.open();
    const errors: Error[] = [];
    opened.page.on('pageerror', (error) => errors.push(error));
    await opened.page.evaluate(`for (const data of [null, 1, 'snapshot', {}, { type: 'other' }, { type: 'snapshot' }]) {
      window.postMessage(data, '*');
    }`);
    await opened.send(snapshot(scanning));
    assert.deepEqual(errors, []);
    assert.ok(await opened.page.getByLabel('Code 1').isVisible());
  });

  it('shows for whom and where, and speaks the person’s language', async () => {
    const opened = await pages.open({ snapshot: snapshot(scanning, { locale: 'de' }) });
    const { page } = opened;
    assert.equal(await page.evaluate('document.documentElement.lang'), 'de');
    assert.ok(await page.getByRole('heading', { level: 1, name: 'Enable MFA for alice' }).isVisible());
    assert.ok(await page.getByText('acme-prod · 1234-5678-9012 · profile prod AWS').isVisible());
    assert.equal(
      await page.getByText('AWS', { exact: true }).locator('xpath=ancestor-or-self::*[@title]').getAttribute('title'),
      'Calls go to AWS.',
    );
  });

  it('draws each kind of view in place of the one before', async () => {
    const opened = await pages.open();
    const { page } = opened;
    const heading = (name: string) => page.getByRole('heading', { name });
    const seen: readonly [View, () => Promise<boolean>][] = [
      [{ kind: 'working', text: 'Asking AWS…' }, () => page.getByText('Asking AWS…').first().isVisible()],
      [naming, () => page.getByRole('textbox', { name: 'Device name' }).isVisible()],
      [scanning, () => page.getByRole('img', { name: 'QR code for Amazon Web Services: alice@acme-prod' }).isVisible()],
      [proving, () => heading('Show that it is you').isVisible()],
      [tokenAsked, () => heading('Type the token’s serial number').isVisible()],
      [resyncing, () => heading('Take this device').isVisible()],
      [asking, () => heading('Remove the old device now?').isVisible()],
      [done, () => heading('MFA is on for alice').isVisible()],
      [failed, () => heading('MFA could not be enabled for alice').isVisible()],
    ];
    for (const [view, isSeen] of seen) {
      await opened.send(snapshot(view));
      assert.ok(await isSeen(), view.kind);
      for (const [other, isOtherSeen] of seen) {
        assert.equal(await isOtherSeen(), other === view, `${other.kind} while ${view.kind} is shown`);
      }
    }
  });

  it('leaves the focus where the person is, and takes it up again when they come back', async () => {
    const opened = await pages.openBeside();
    const { page } = opened;
    const elsewhere = page.locator('#elsewhere');
    await elsewhere.click();
    await opened.send(snapshot({ kind: 'working', text: 'Making a device…' }));
    await opened.send(snapshot(scanning));
    assert.equal(await page.evaluate('document.activeElement.id'), 'elsewhere');
    await page.locator('iframe').focus();
    assert.equal(await opened.focused(), 'code1');

    await elsewhere.click();
    await opened.send(snapshot(done));
    assert.equal(await page.evaluate('document.activeElement.id'), 'elsewhere');
    await page.locator('iframe').focus();
    assert.match(await opened.focused(), /MFA is on for alice/);
    await page.close();
  });

  it('says aloud what it waits for', async () => {
    const opened = await pages.open({ snapshot: snapshot({ kind: 'working', text: 'Asking AWS…' }) });
    assert.equal(await opened.page.getByRole('status').filter({ hasText: 'Asking AWS…' }).count(), 1);
    await opened.send(snapshot(scanning));
    assert.equal(await opened.page.getByRole('status').filter({ hasText: 'Asking AWS…' }).count(), 0);
  });

  it('tells the editor which app is wanted', async () => {
    const opened = await pages.open({ snapshot: snapshot(scanning) });
    await opened.forgetSent();
    for (const id of appIds) {
      await opened.page.getByRole('button', { name: strings.appNames[id], exact: true }).click();
    }
    assert.deepEqual(
      await opened.sent(),
      appIds.map((id) => ({ type: 'app', id })),
    );
  });

  it('reads the result first and offers what can be done next', async () => {
    const opened = await pages.open({ snapshot: snapshot(bothRight) });
    const { page } = opened;
    await opened.send(snapshot(doneUnconfirmed));
    assert.equal(await opened.focused(), done.title);
    assert.ok(await page.getByText(doneUnconfirmed.notice?.text ?? '?').isVisible());
    assert.equal(await page.locator('.result .codicon-pass-filled').count(), 0, 'not green before AWS’s list has it');
    await page.getByRole('button', { name: 'Add Device' }).focus();
    await opened.send(snapshot(done));
    assert.equal(await page.locator('.result .codicon-pass-filled').count(), 1);
    assert.equal(await opened.focused(), 'Add Device', 'the focus is left alone');
    assert.ok(await page.getByText(done.device.serial).isVisible());
    await opened.forgetSent();
    await page.keyboard.press('Enter');
    assert.deepEqual(await opened.sent(), [{ type: 'action', id: 'addSecond' }] satisfies PageMessage[]);
  });

  it('asks what has to be decided, and reads it first', async () => {
    const opened = await pages.open({ snapshot: snapshot(bothRight) });
    const { page } = opened;
    await opened.send(snapshot(asking));
    assert.equal(await opened.focused(), asking.title);
    assert.equal(await page.getByRole('status').filter({ hasText: asking.notice.text }).count(), 1);
    await opened.forgetSent();
    for (const { label } of asking.actions) {
      await page.keyboard.press('Tab');
      assert.equal(await opened.focused(), label);
      await page.keyboard.press('Enter');
    }
    assert.deepEqual(
      await opened.sent(),
      asking.actions.map(({ id }) => ({ type: 'action', id })),
    );
    assert.deepEqual(await page.locator('.primary').allInnerTexts(), [asking.actions[0]?.label]);
  });

  it('shows what kind of device it is', async () => {
    const opened = await pages.open({ snapshot: snapshot(done) });
    const { page } = opened;
    const words = page.getByText('GAHT12345678');
    assert.ok(await page.locator('.device .codicon-device-mobile').isVisible());
    await opened.send(snapshot(doneToken));
    assert.ok(await page.locator('.device .codicon-circuit-board').isVisible());
    assert.equal(await words.filter({ visible: true }).count(), 1, 'a serial number that is the name is said once');
  });

  it('says what failed, what is left, and what can be done', async () => {
    const opened = await pages.open({ snapshot: snapshot(failed) });
    const { page } = opened;
    assert.equal(await opened.focused(), failed.title);
    assert.equal(await page.getByRole('alert').filter({ hasText: failed.notice.text }).count(), 1);
    assert.ok(await page.getByText(failed.remains).isVisible());
    assert.deepEqual(
      await page.getByRole('definition').allInnerTexts(),
      failed.facts.map(({ value }) => value),
    );
    await opened.forgetSent();
    for (const { label } of failed.actions) {
      await page.getByRole('button', { name: label }).click();
    }
    assert.deepEqual(
      await opened.sent(),
      failed.actions.map(({ id }) => ({ type: 'action', id })),
    );
  });

  it('shows whatever a user is called as text', async () => {
    const opened = await pages.open();
    const { page } = opened;
    const header = { title: hostile, account: hostile, source: hostile } as const;
    for (const view of withHostileTexts(hostile)) {
      await opened.send(
        snapshot(view, { header: { ...header, badge: { text: hostile, tone: 'endpoint', title: hostile } } }),
      );
      assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), hostile);
      assert.equal(await page.locator('img:not(.qr), main script').count(), 0, view.kind);
    }
    assert.equal(await page.evaluate('window.caught'), undefined);
    assert.deepEqual(await opened.violations(), []);
  });

  it('keeps nothing: no saved state, no storage, no cookie, and nothing of a device that is done', async () => {
    const opened = await pages.open({ snapshot: snapshot(scanning) });
    const { page } = opened;
    await page.getByRole('button', { name: strings.showKey }).click();
    await page.keyboard.type('482913');
    for (const view of Object.values(views)) {
      await opened.send(snapshot(view));
    }
    await opened.send(snapshot(done));
    assert.equal(await page.evaluate('window.standIn.stateCalls'), 0);
    assert.deepEqual(await page.evaluate('[localStorage.length, sessionStorage.length, document.cookie]'), [0, 0, '']);
    assert.deepEqual(await page.evaluate('indexedDB.databases()'), []);
    const source = await page.evaluate<string>('document.documentElement.outerHTML');
    assert.ok(!source.includes('QWER') && !source.includes('data:image'));
  });

  for (const theme of themeNames) {
    it(`has no accessibility fault and breaks no content policy in any view in ${theme}`, async () => {
      const opened = await pages.open({ theme, reducedMotion: 'reduce' });
      const faults: string[] = [];
      const check = async (name: string) => {
        faults.push(...(await opened.accessibilityFaults()).map((fault) => `${name}: ${fault}`));
      };
      for (const [name, view] of Object.entries(views)) {
        await opened.send(snapshot(view));
        await check(name);
      }
      await opened.send(snapshot(scanning));
      await opened.page.getByRole('button', { name: strings.showKey }).click();
      await opened.page.getByRole('button', { name: strings.changeName }).click();
      await opened.page.keyboard.type('not a name');
      await check('key shown, name wrong');
      await opened.send(snapshot(scanning, { header: elsewhere }));
      await check('another endpoint');
      assert.deepEqual(faults, []);
      assert.deepEqual(await opened.violations(), []);
    });

    it(`shows where the focus is, on every control, in ${theme}`, async () => {
      const opened = await pages.open({ theme });
      const { page } = opened;
      const focusBorder = await page.evaluate<string>(`(() => {
        const probe = document.createElement('i');
        document.body.append(probe);
        probe.style.color = 'var(--vscode-focusBorder)';
        const { color } = getComputedStyle(probe);
        probe.remove();
        return color;
      })()`);
      for (const view of manyControls) {
        await opened.send(snapshot(view));
        // The keys of a radio group reach the rest of it.
        const count = await page.locator('button:visible, input:visible:not([type=radio]:not(:checked))').count();
        const seen = new Set<string>();
        // One more than there are: between the last and the first the focus leaves the page.
        for (let index = 0; index <= count; index++) {
          await page.keyboard.press('Tab');
          const name = await opened.focused();
          if (name === '') {
            continue;
          }
          seen.add(name);
          const outline = await page.evaluate(`(() => {
            const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(document.activeElement);
            return [outlineStyle, parseFloat(outlineWidth) >= 1, outlineColor];
          })()`);
          assert.deepEqual(outline, ['solid', true, focusBorder], name);
        }
        assert.equal(seen.size, count, view.kind);
      }
    });
  }

  it('names every control', async () => {
    const opened = await pages.open({ snapshot: snapshot(phoneShown) });
    const { page } = opened;
    await page.getByRole('button', { name: strings.showKey }).click();
    for (const locator of [
      page.getByRole('textbox', { name: 'Code 1', exact: true }),
      page.getByRole('textbox', { name: 'Code 2', exact: true }),
      page.getByRole('group', { name: /^Enter two codes in a row/ }),
      page.getByRole('img', { name: 'QR code for Amazon Web Services: alice@acme-prod', exact: true }),
      page.getByRole('group', { name: 'Secret key', exact: true }),
      page.getByRole('region', { name: strings.phoneTitle, exact: true }),
      page.getByRole('timer', { name: /^Your app shows a new code in \d+ s$/ }).first(),
      page.getByRole('button', { name: 'Copy', exact: true }),
      page.getByRole('button', { name: 'Hide secret key', exact: true }),
    ]) {
      assert.ok(await locator.isVisible(), String(locator));
    }
    for (const [label, mode, fill] of [
      ['Code 1', 'numeric', 'one-time-code'],
      ['Code 2', 'numeric', 'one-time-code'],
    ] as const) {
      assert.equal(await page.getByLabel(label).getAttribute('inputmode'), mode);
      assert.equal(await page.getByLabel(label).getAttribute('autocomplete'), fill);
    }
  });

  it('is walked by the keyboard alone in the order of the steps', async () => {
    const opened = await pages.open({ snapshot: snapshot(phoneShown) });
    await opened.page.getByRole('button', { name: strings.appNames.google }).focus();
    const order = [await opened.focused()];
    for (let index = 1; index < 14; index++) {
      await opened.page.keyboard.press('Tab');
      order.push(await opened.focused());
    }
    assert.deepEqual(order, [
      ...appIds.map((id) => strings.appNames[id]),
      'Change…',
      'Show secret key',
      strings.phoneFill,
      strings.phoneHide,
      'code1',
      'code2',
      'Enable MFA',
      'Cancel',
    ]);
  });

  async function overflow({ page }: OpenedPage): Promise<number> {
    return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  it('needs no sideways scroll at 300 pixels, even with the longest names', async () => {
    const opened = await pages.open({ width: 300 });
    const long = 'w'.repeat(128);
    for (const view of [...Object.values(views), ...withHostileTexts(long)]) {
      await opened.send(snapshot(view));
      assert.equal(await overflow(opened), 0, view.kind);
    }
    await opened.send(
      snapshot(phoneShown, {
        header: { title: long, account: long, source: long, badge: { text: long, tone: 'endpoint', title: '' } },
      }),
    );
    await opened.page.getByRole('button', { name: strings.showKey }).click();
    await opened.page.getByRole('button', { name: strings.changeName }).click();
    assert.equal(await overflow(opened), 0);
  });

  it('loses nothing at 400 %: each control of a small window can be brought into sight whole', async () => {
    const opened = await pages.open({ width: 320, height: 225, snapshot: snapshot(phoneShown) });
    await opened.page.getByRole('button', { name: strings.showKey }).click();
    assert.equal(await overflow(opened), 0);
    const controls = await opened.page.locator('button:visible, input:visible').all();
    assert.ok(controls.length > 12);
    for (const control of controls) {
      await control.scrollIntoViewIfNeeded();
      const box = await control.boundingBox();
      const isWhole = box && box.x >= 0 && box.y >= 0 && box.x + box.width <= 320 && box.y + box.height <= 225;
      assert.ok(isWhole, `${await control.innerText()} ${JSON.stringify(box)}`);
    }
  });

  it('is read in the order of the steps by whoever listens to it', async () => {
    const opened = await pages.open({ snapshot: snapshot(phoneShown) });
    const read = await opened.page.locator('body').ariaSnapshot();
    const told = `${read.replace(/\d+ s\b/g, 'N s')}\n`;
    const file = path.join(__dirname, 'wholePage.aria.yml');
    if (process.env['UPDATE_IMAGES'] !== undefined) {
      writeFileSync(file, told);
    }
    assert.equal(told, readFileSync(file, 'utf8'));
  });

  it('has controls of at least 24 by 24 pixels', async () => {
    const check = async (opened: OpenedPage) => {
      for (const control of await opened.page.locator('button:visible, input:visible').all()) {
        const box = await control.boundingBox();
        assert.ok(box && box.width >= 24 && box.height >= 24, `${await control.innerText()} ${JSON.stringify(box)}`);
      }
    };
    for (const width of [300, 900]) {
      const opened = await pages.open({ width });
      for (const view of manyControls) {
        await opened.send(snapshot(view));
        await check(opened);
      }
      await opened.send(snapshot(phoneShown));
      await opened.page.getByRole('button', { name: strings.showKey }).click();
      await check(opened);
    }
  });

  it('moves nothing for whoever asks for reduced motion', async () => {
    const motion = (opened: OpenedPage, css: string) =>
      opened.page.evaluate(`Array.from(document.querySelectorAll('*'), (each) => getComputedStyle(each))
        .filter((style) => ${css}).length`);
    const animated = `style.animationName !== 'none'`;
    const transitions = `style.transitionDuration !== '0s'`;
    const still = await pages.open({ reducedMotion: 'reduce', snapshot: snapshot(enabling) });
    const moving = await pages.open({ snapshot: snapshot(enabling) });
    assert.equal(await motion(still, animated), 0);
    assert.equal(await motion(still, transitions), 0);
    assert.notEqual(await motion(moving, animated), 0);
    assert.notEqual(await motion(moving, transitions), 0);
  });
});
