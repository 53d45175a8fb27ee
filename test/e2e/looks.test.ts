import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  chooseOnRow,
  commandAndPick,
  EnrolmentPage,
  modal,
  openRow,
  picture,
  pictures,
  pressOnRow,
  showUsers,
  statusSays,
} from './hands';
import { root, Stage, themes } from './stage';

/** Each state in each theme, for people to look at; and pictures of the README. */
describe('the looks', () => {
  for (const [name, theme] of Object.entries(themes)) {
    it(`in ${name}`, async () => {
      const stage = await Stage.start({ account: 'practice', settings: { 'workbench.colorTheme': theme } });
      try {
        const page = await stage.open();
        await statusSays(page, /5 without MFA/);
        await showUsers(page);
        await openGroups(page);
        await picture(page, `looks-tree-${name}`);

        await pressOnRow(page, /^jordan/, 'Enable MFA…');
        const panel = await EnrolmentPage.inFront(stage, page);
        const seed = await panel.scan();
        await page.mouse.move(900, 500);
        await picture(page, `looks-panel-${name}`);
        await panel.button('Show secret key').click();
        await picture(page, `looks-key-${name}`);
        await panel.button('Hide secret key').click();

        await page.setViewportSize({ width: 700, height: 900 });
        await panel.scan();
        await picture(page, `looks-narrow-${name}`);
        await page.setViewportSize({ width: 1280, height: 900 });

        await panel.enable(seed);
        await panel.says('MFA is on for jordan');
        await statusSays(page, /4 without MFA/);
        await picture(page, `looks-done-${name}`);

        await panel.button('Add Another Device').click();
        // The finished panel goes as the new one comes.
        const second = await EnrolmentPage.saying(stage, page, 'First, a code of a device you have');
        await second.button('Show a Practice Phone').click();
        await second.button('Type This Code').waitFor();
        await picture(page, `looks-prove-${name}`);

        await commandAndPick(page, 'AWS MFA: Enable MFA with a Hardware Token…', 'maya');
        const token = await EnrolmentPage.saying(stage, page, 'Type the token’s serial number');
        await token.frame.getByRole('button', { name: /^Use the Practice Token/ }).click();
        await picture(page, `looks-token-${name}`);

        await chooseOnRow(page, /^work-key/, 'Remove MFA Device…');
        await modal(page)
          .getByText(/What priya has left/)
          .waitFor();
        await picture(page, `looks-remove-${name}`);
        await answer(page, 'Cancel');
      } finally {
        await stage.end();
      }
      if (name === 'dark' && process.env['UPDATE_IMAGES'] !== undefined) {
        const images = path.join(root, 'docs/images');
        mkdirSync(images, { recursive: true });
        copyFileSync(path.join(pictures, 'looks-tree-dark.png'), path.join(images, 'tree.png'));
        copyFileSync(path.join(pictures, 'looks-panel-dark.png'), path.join(images, 'panel.png'));
      }
    });
  }
});

async function openGroups(page: Page): Promise<void> {
  await openRow(page, /^Has MFA/, /^priya/);
  await openRow(page, /^Unfinished devices/, /^sam, probably/);
  await openRow(page, /^priya, MFA/, /^work-key, FIDO L2/);
}
