import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { encode } from 'modern-gif';
import type { Page, PageScreenshotOptions } from 'playwright-core';
import { PNG } from 'pngjs';
import { runCommand } from '../../scripts/host/workbench.mjs';
import { otherTotp } from '../otherTotp';
import {
  answer,
  chooseOnRow,
  commandAndPick,
  EnrolmentPage,
  hoverUntil,
  modal,
  openRow,
  picture,
  pictures,
  row,
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
        await page.setViewportSize(small);
        await page.mouse.move(700, 300);
        await row(page, /^jordan/).waitFor();
        await page.locator('.sidebar .monaco-progress-container.active').waitFor({ state: 'detached' });
        await stepPicture(page, 'tree', name);
        const you = await row(page, /^jordan/).boundingBox();
        await stepPicture(page, 'you', name, { x: 48, y: (you?.y ?? 0) - 66, width: 300, height: 150 });
        await page.setViewportSize({ width: 1280, height: 900 });
        await openGroups(page);
        await picture(page, `looks-tree-${name}`);

        const film: Buffer[] = [];
        const shoot = async () => film.push(await page.screenshot());
        const jordan = row(page, /^jordan/);
        await hoverUntil(page, jordan, jordan.getByRole('button', { name: 'Enable MFA…' }));
        await shoot();
        const panel = await EnrolmentPage.fromRow(stage, page, /^jordan/, 'Enable MFA…');
        const seed = await panel.scan();
        await page.mouse.move(900, 500);
        await picture(page, `looks-panel-${name}`);
        await shoot();
        await panel.button('Show secret key').click();
        await picture(page, `looks-key-${name}`);
        await panel.button('Hide secret key').click();

        await page.setViewportSize({ width: 700, height: 900 });
        await panel.scan();
        await picture(page, `looks-narrow-${name}`);
        await page.setViewportSize({ width: 1280, height: 900 });

        await onlyThePage(page, async () => {
          await panel.frame.locator('h1').scrollIntoViewIfNeeded();
          await stepPicture(page, 'app', name);
          await panel.qr.scrollIntoViewIfNeeded();
          await stepPicture(page, 'scan', name);
          await panel.button('Show a Practice Phone').click();
          const now = Date.now();
          await panel.type(await otherTotp(seed, now - 30_000), await otherTotp(seed, now));
          await panel.says('Both codes are right');
          await panel.code1.scrollIntoViewIfNeeded();
          await stepPicture(page, 'codes', name);
        });
        const later = Date.now();
        const [before, present] = [await otherTotp(seed, later - 30_000), await otherTotp(seed, later)];
        await panel.type(before, '');
        await shoot();
        await panel.type(before, present);
        await panel.says('Both codes are right');
        await shoot();
        await panel.enable(seed);
        await panel.says('MFA is on for jordan');
        await statusSays(page, /4 without MFA/);
        await picture(page, `looks-done-${name}`);
        await shoot();
        if (name === 'dark' && process.env['UPDATE_IMAGES'] !== undefined) {
          writeFileSync(path.join(root, 'docs/images/enable.gif'), await asFilm(film));
        }
        await onlyThePage(page, () => stepPicture(page, 'done', name));

        await panel.button('Add Another Device').click();
        // The finished panel goes as the new one comes.
        const second = await EnrolmentPage.saying(stage, page, 'First, a code of a device you have');
        await second.button('Show a Practice Phone').click();
        await second.button('Type This Code').waitFor();
        await onlyThePage(page, () => stepPicture(page, 'signIn', name));
        await picture(page, `looks-prove-${name}`);

        await commandAndPick(page, 'AWS MFA: Enable MFA with a Hardware Token…', 'maya');
        const token = await EnrolmentPage.saying(stage, page, 'Type the token’s serial number');
        await token.frame.getByRole('button', { name: /^Use the Practice Token/ }).click();
        await picture(page, `looks-token-${name}`);

        await chooseOnRow(page, /^work-key/, 'Remove MFA Device…', { next: () => modal(page).isVisible() });
        await modal(page)
          .getByText(/priya still has: /)
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

/** As wide as a picture in the walkthrough is shown. */
const small = { width: 640, height: 480 };

/** Shows a page of the editor without what stands beside it, in the size of a picture of the walkthrough. */
async function onlyThePage(page: Page, look: () => Promise<void>): Promise<void> {
  await runCommand(page, 'View: Close Primary Side Bar');
  await page.setViewportSize(small);
  await look();
  await page.setViewportSize({ width: 1280, height: 900 });
  await runCommand(page, 'View: Focus into Primary Side Bar');
}

/** A picture of the walkthrough, kept where one asks for new ones. High contrast light has those of light. */
async function stepPicture(
  page: Page,
  step: string,
  theme: string,
  clip?: PageScreenshotOptions['clip'],
): Promise<void> {
  const taken = await page.screenshot(clip && { clip });
  if (process.env['UPDATE_IMAGES'] !== undefined && theme !== 'high-contrast-light') {
    const folder = path.join(root, 'media/walkthrough');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${step}-${theme}.webp`), await asWebp(page, taken));
  }
  mkdirSync(pictures, { recursive: true });
  writeFileSync(path.join(pictures, `step-${step}-${theme}.png`), taken);
}

/** How long each picture of a film is looked at, milliseconds. */
const lookedAt = 1800;

async function asFilm(pictures: readonly Buffer[]): Promise<Buffer> {
  const frames = pictures.map((each) => PNG.sync.read(each));
  const [{ width, height } = { width: 0, height: 0 }] = frames;
  return Buffer.from(await encode({ width, height, frames: frames.map(({ data }) => ({ data, delay: lookedAt })) }));
}

/** A quarter of the bytes: the browser writes it itself. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const desk = await page.context().newPage();
  try {
    await desk.setContent(`<img src="data:image/png;base64,${png.toString('base64')}">`);
    const url = await desk.evaluate<string>(`(async () => {
      const image = document.querySelector('img');
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', 0.7);
    })()`);
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  } finally {
    await desk.close();
  }
}

async function openGroups(page: Page): Promise<void> {
  await openRow(page, /^Has MFA/, /^priya/);
  await openRow(page, /^Unfinished devices/, /^sam, probably/);
  await openRow(page, /^priya, MFA/, /^work-key, FIDO L2/);
}
