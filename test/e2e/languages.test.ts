import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cutOff, EnrolmentPage, picture, rowLost, showUsers, statusSays } from './hands';
import { root, Stage } from './stage';

type Texts = Readonly<Record<string, string>>;

const read = (file: string): Texts => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Texts;
const languages = ['de', 'es', 'fr', 'ja', 'pt-br'];

describe('in the person’s language', () => {
  let stage: Stage;

  before(async () => {
    stage = await Stage.start({ account: 'practice' });
  });
  afterEach(async function () {
    await stage.closeWindows(this.currentTest);
  });
  after(() => stage.end());

  for (const language of languages) {
    it(`${language}: the view, the status bar and the panel have no English left and nothing is cut off`, async () => {
      const texts = read(`l10n/bundle.l10n.${language}.json`);
      const page = await stage.open(undefined, undefined, language);
      const say = (text: string) => texts[text] ?? assert.fail(text);
      await showUsers(page);
      await statusSays(page, pattern(say('{0} without MFA')));
      await page.getByRole('treeitem', { name: pattern(say('Has MFA')) }).waitFor();
      const enable = read(`package.nls.${language}.json`)['command.enableMfa'] ?? assert.fail();
      const panel = await EnrolmentPage.fromRow(stage, page, /^jordan/, enable, { lost: say(rowLost) });
      await panel.says(say('Scan this QR code'));
      await picture(page, `language-${language}-dark`);

      const sidebar = await page.locator('.sidebar .monaco-list-row').allInnerTexts();
      const status = await page.locator('.statusbar-item[id^="mfa-for-aws-iam"]').allInnerTexts();
      const body = await panel.frame.locator('body').innerText();
      assert.deepEqual(englishIn([...sidebar, ...status, body].join('\n'), texts), []);

      await page.setViewportSize({ width: 640, height: 900 });
      await panel.says(say('Scan this QR code'));
      await picture(page, `language-${language}-narrow`);
      assert.deepEqual(await cutOff(panel.frame), []);
    });
  }
});

/** Matches a text with anything in its gaps. */
function pattern(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\d+\}/g, '.+'));
}

/** Lines that are an English text for which there are other words. */
function englishIn(shown: string, texts: Texts): readonly string[] {
  const english = Object.entries(texts)
    .filter(([text, translation]) => text !== translation && text.replace(/\{\d+\}/g, '').length > 8)
    .map(([text]) => new RegExp(`^${pattern(text).source}$`));
  return shown
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => english.some((text) => text.test(line)));
}
