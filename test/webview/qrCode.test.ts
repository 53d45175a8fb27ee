import assert from 'node:assert/strict';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { scanning, secretKey, snapshot } from './fixtures';
import { type OpenedPage, PageUnderTest, themeNames } from './page';

const black = 0x000000;
const white = 0xffffff;

async function picture({ page }: OpenedPage): Promise<PNG> {
  return PNG.sync.read(await page.getByRole('img', { name: /^QR code/ }).screenshot());
}

function colour(image: PNG, x: number, y: number): number {
  return image.data.readUIntBE((y * image.width + x) * 4, 3);
}

function read(image: PNG): string | undefined {
  return jsQR(new Uint8ClampedArray(image.data), image.width, image.height)?.data;
}

/** The box around all that is black. */
function blackBox(image: PNG): { left: number; top: number; right: number; bottom: number } {
  const box = { left: image.width, top: image.height, right: -1, bottom: -1 };
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      if (colour(image, x, y) === black) {
        box.left = Math.min(box.left, x);
        box.right = Math.max(box.right, x);
        box.top = Math.min(box.top, y);
        box.bottom = Math.max(box.bottom, y);
      }
    }
  }
  return box;
}

/** Pixels per module, from the top edge of the upper left finder pattern, which is seven modules wide. */
function moduleSize(image: PNG): number {
  const { left, top } = blackBox(image);
  let end = left;
  while (colour(image, end, top) === black) {
    end++;
  }
  return (end - left) / 7;
}

describe('Enable MFA page: QR code', function () {
  this.timeout(120_000);
  let pages: PageUnderTest;
  before(async () => {
    pages = await PageUnderTest.start();
  });
  after(() => pages.stop());

  for (const theme of themeNames) {
    it(`reads as the address, black on white with four white modules around it, in ${theme}`, async () => {
      const image = await picture(await pages.open({ theme, snapshot: snapshot(scanning) }));
      assert.equal(read(image), scanning.otpauthUri);

      const module = moduleSize(image);
      assert.ok(Number.isInteger(module) && module >= 4, `a module is ${module} pixels`);
      const box = blackBox(image);
      assert.deepEqual(
        [box.left, box.top, image.width - 1 - box.right, image.height - 1 - box.bottom],
        [4 * module, 4 * module, 4 * module, 4 * module],
      );
      const colours = new Set<number>();
      for (let y = 0; y < image.height; y++) {
        for (let x = 0; x < image.width; x++) {
          colours.add(colour(image, x, y));
        }
      }
      assert.deepEqual([...colours].sort(), [black, white]);
    });
  }

  it('stays sharp on a screen with two pixels to one', async () => {
    const image = await picture(await pages.open({ deviceScaleFactor: 2, snapshot: snapshot(scanning) }));
    assert.equal(read(image), scanning.otpauthUri);
    assert.ok(Number.isInteger(moduleSize(image)));
  });

  it('reads with the longest names on a page 300 pixels wide', async () => {
    const label = `${'u'.repeat(64)}@${'a'.repeat(63)}`;
    const otpauthUri = `otpauth://totp/Amazon%20Web%20Services:${label}?secret=${secretKey}&issuer=Amazon%20Web%20Services`;
    const opened = await pages.open({
      width: 300,
      snapshot: snapshot({ ...scanning, otpauthUri, appearsAs: `Amazon Web Services: ${label}` }),
    });
    const image = await picture(opened);
    assert.equal(read(image), otpauthUri);
    assert.ok(Number.isInteger(moduleSize(image)), 'modules are whole pixels');
  });

  it('is drawn anew for another device', async () => {
    const opened = await pages.open({ snapshot: snapshot(scanning) });
    const otpauthUri = scanning.otpauthUri.replace('QWERTY', 'ABCDEF');
    await opened.send(snapshot({ ...scanning, enrolment: 2, otpauthUri }));
    assert.equal(read(await picture(opened)), otpauthUri);
  });
});
