import { create } from 'qrcode';

/** White modules around the code that ISO/IEC 18004 asks for. */
const quietModules = 4;
/** About how wide the picture is to be, in CSS pixels. */
const wantedWidth = 232;

/**
 * Draws a QR code as a picture: black on white in every theme, since many phones cannot read the reverse, and with whole
 * pixels for each module. Error correction is the lowest (L): a screen has no dirt or tears, and larger modules read better.
 * @param text what the code holds
 * @returns the picture as a `data:` address, and its width and height in CSS pixels
 */
export function qrImage(text: string): { readonly address: string; readonly size: number } {
  const { modules } = create(text, { errorCorrectionLevel: 'L' });
  const across = modules.size + 2 * quietModules;
  const scale = Math.max(3, Math.round(wantedWidth / across));
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = across * scale;
  const brush = canvas.getContext('2d');
  if (!brush) {
    throw new Error('The page cannot draw: no 2D canvas.');
  }
  brush.fillStyle = '#ffffff';
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.fillStyle = '#000000';
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column)) {
        brush.fillRect((quietModules + column) * scale, (quietModules + row) * scale, scale, scale);
      }
    }
  }
  return { address: canvas.toDataURL('image/png'), size: canvas.width };
}
